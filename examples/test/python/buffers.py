"""The twin of buffers."""
import socket, sys

size = int(sys.argv[1]) if len(sys.argv) > 1 else 8192
sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
for name, option in (("send", socket.SO_SNDBUF), ("receive", socket.SO_RCVBUF)):
    print(f"{name} buffer at first: {sock.getsockopt(socket.SOL_SOCKET, option)}")
    sock.setsockopt(socket.SOL_SOCKET, option, size)
    print(f"{name} buffer, asked for {size}: {sock.getsockopt(socket.SOL_SOCKET, option)}")
