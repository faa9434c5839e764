"""The twin of web-server, as the lesson has it."""
import socket, sys

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.bind(("127.0.0.1", int(sys.argv[1])))
listener.listen(5)
print(f"listening on port {listener.getsockname()[1]}")
while True:
    conn, peer = listener.accept()
    print(conn.recv(1024).decode().split("\r\n")[0])
    conn.send(b"HTTP/1.1 200 OK\r\n\r\n")
    conn.send(b"Hello, World")
    conn.close()
