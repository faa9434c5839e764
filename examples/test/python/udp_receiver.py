"""The twin of udp-receiver."""
import socket, sys

receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
receiver.bind(("127.0.0.1", int(sys.argv[1])))
print(f"listening on port {receiver.getsockname()[1]}")
while True:
    data, (host, port) = receiver.recvfrom(1024)
    print(f"{host}:{port} sends: {data.decode()}")
