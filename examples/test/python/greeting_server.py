"""The twin of greeting-server."""
import socket, sys

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.bind(("127.0.0.1", int(sys.argv[1])))
listener.listen(5)
print(f"listening on port {listener.getsockname()[1]}")
while True:
    conn, peer = listener.accept()
    here = conn.getsockname()
    print(f"{here[0]}:{here[1]} greets {peer[0]}:{peer[1]}")
    conn.send(b"hello world")
    print(conn.recv(1024).decode())
    conn.close()
