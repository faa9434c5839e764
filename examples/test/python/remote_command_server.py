"""The twin of remote-command-server."""
import os, socket, sys

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.bind(("127.0.0.1", int(sys.argv[1])))
listener.listen(5)
print(f"listening on port {listener.getsockname()[1]}")
while True:
    conn, (host, port) = listener.accept()
    while True:
        command = conn.recv(1024).decode()
        if not command:
            break
        print(f"{host}:{port} runs: {command}")
        output = os.popen(command).read()
        if len(output) == 0:
            output = "cmd has no output..."
        conn.send(str(len(output.encode())).encode())
        conn.recv(1024)
        conn.sendall(output.encode())
    conn.close()
