"""The twin of upper-echo-server: one client after another."""
import socket, sys

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.bind(("127.0.0.1", int(sys.argv[1])))
listener.listen(5)
print(f"listening on port {listener.getsockname()[1]}")
while True:
    conn, (host, port) = listener.accept()
    print(f"{host}:{port} has come")
    while True:
        data = conn.recv(1024)
        if not data:
            break
        conn.send(data.decode().upper().encode())
    print(f"{host}:{port} has left")
    conn.close()
