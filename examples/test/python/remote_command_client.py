"""The twin of remote-command-client."""
import socket, sys

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect(("127.0.0.1", int(sys.argv[1])))
print("type a command, or q to leave")
for line in sys.stdin:
    command = line.strip()
    if command == "q":
        break
    if not command:
        continue
    client.send(command.encode())
    size = int(client.recv(1024).decode())
    client.send("I am ready".encode())
    output = b""
    while len(output) < size:
        output += client.recv(1024)
    print(output.decode().rstrip())
client.close()
