"""The twin of greeting-client."""
import socket, sys

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect(("127.0.0.1", int(sys.argv[1])))
here, there = client.getsockname(), client.getpeername()
print(f"{here[0]}:{here[1]} is greeted by {there[0]}:{there[1]}")
print(client.recv(1024).decode())
client.send(sys.argv[2].encode())
client.close()
