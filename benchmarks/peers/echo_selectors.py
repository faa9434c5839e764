"""Echo with Python's selectors."""

import json
import selectors
import socket

selector = selectors.DefaultSelector()
listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
listener.setblocking(False)


def accept(_):
    connection, _ = listener.accept()
    connection.setblocking(False)
    selector.register(connection, selectors.EVENT_READ, echo)


def echo(connection):
    try:
        data = connection.recv(65536)
        if data:
            connection.send(data)
            return
    except OSError:
        pass
    selector.unregister(connection)
    connection.close()


selector.register(listener, selectors.EVENT_READ, accept)
print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
while True:
    for key, _ in selector.select():
        key.data(key.fileobj)
