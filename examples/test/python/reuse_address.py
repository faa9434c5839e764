"""The twin of reuse-address."""
import errno, socket


def listen(port, reuse):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if reuse:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, reuse)
    print("SO_REUSEADDR:", listener.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR))
    listener.bind(("127.0.0.1", port))
    listener.listen()
    return listener


for reuse in (0, 1):
    listener = listen(0, reuse)
    port = listener.getsockname()[1]
    client = socket.create_connection(("127.0.0.1", port))
    connection, peer = listener.accept()
    connection.close()
    client.recv(1)
    client.close()
    listener.close()
    try:
        listen(port, reuse).close()
        print("bound again")
    except OSError as error:
        print("not bound:", errno.errorcode[error.errno])
