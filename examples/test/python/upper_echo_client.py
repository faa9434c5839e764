"""The twin of upper-echo-client."""
import socket, sys

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect(("127.0.0.1", int(sys.argv[1])))
print("type a line, or q to leave")
for line in sys.stdin:
    text = line.rstrip("\n")
    if text == "q":
        break
    if not text:
        continue
    client.send(text.encode())
    print(client.recv(1024).decode())
client.close()
