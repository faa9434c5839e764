"""The twin of client-list-server."""
import json, socket, sys, threading

clients = []
lock = threading.Lock()


def serve(conn, host, port):
    name = conn.recv(1024).decode().strip()
    with lock:
        clients.append({"name": name, "address": host, "port": port})
        answer = json.dumps(clients)
    conn.sendall(answer.encode())
    conn.shutdown(socket.SHUT_WR)
    conn.recv(1)
    conn.close()


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print(f"listening on port {listener.getsockname()[1]}")
while True:
    conn, (host, port) = listener.accept()
    threading.Thread(target=serve, args=(conn, host, port)).start()
