"""The twin of udp-echo-client."""
import socket, sys

client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.settimeout(10)
client.sendto(sys.argv[2].encode(), ("127.0.0.1", int(sys.argv[1])))
answer, (host, port) = client.recvfrom(1024)
print(f"{host}:{port} answers: {answer.decode()}")
