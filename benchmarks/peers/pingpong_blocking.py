"""Echo that blocks: one connection, recv() and sendall()."""

import json
import socket

listener = socket.create_server(("127.0.0.1", 0))
print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
connection, _ = listener.accept()
while data := connection.recv(65536):
    connection.sendall(data)
