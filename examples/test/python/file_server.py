"""The twin of file-server; it serves any path, and says nothing where there is no file."""
import hashlib, os, socket, sys

port, folder = sys.argv[1:]
os.chdir(folder)
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.bind(("127.0.0.1", int(port)))
listener.listen(5)
print(f"listening on port {listener.getsockname()[1]}")
while True:
    conn, peer = listener.accept()
    while True:
        request = conn.recv(1024)
        if not request:
            break
        command, name = request.decode().split()
        if not os.path.isfile(name):
            continue
        md5 = hashlib.md5()
        conn.send(str(os.stat(name).st_size).encode())
        conn.recv(1024)
        with open(name, "rb") as file:
            for line in file:
                md5.update(line)
                conn.sendall(line)
        conn.send(md5.hexdigest().encode())
    conn.close()
