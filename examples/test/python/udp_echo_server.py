"""The twin of udp-echo-server."""
import socket, sys

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", int(sys.argv[1])))
print(f"listening on port {server.getsockname()[1]}")
while True:
    data, client = server.recvfrom(1024)
    print(f"{client[0]}:{client[1]} sends: {data.decode()}")
    server.sendto(data, client)
