"""The twin of file-client."""
import hashlib, socket, sys

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect(("127.0.0.1", int(sys.argv[1])))
print("type get NAME, or q to leave")
for line in sys.stdin:
    command = line.strip()
    if command == "q":
        break
    client.send(command.encode())
    answer = client.recv(1024).decode()
    if not answer.isdigit():
        print(answer)
        continue
    client.send(b"ready to receive the file")
    total = int(answer)
    received = 0
    md5 = hashlib.md5()
    name = command.split()[1] + ".new"
    with open(name, "wb") as file:
        while received < total:
            data = client.recv(min(total - received, 65536))
            received += len(data)
            md5.update(data)
            file.write(data)
    theirs = client.recv(1024).decode()
    print(f"{name}: {total} bytes, the MD5 {'is right' if theirs == md5.hexdigest() else 'IS WRONG'}")
client.close()
