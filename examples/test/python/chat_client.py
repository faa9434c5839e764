"""A guest of chat-server: what is typed goes there, and what comes is shown."""
import socket, sys, threading

client = socket.create_connection(("127.0.0.1", int(sys.argv[1])))


def show():
    with client.makefile("r", encoding="utf-8") as lines:
        for line in lines:
            print(line, end="")


shower = threading.Thread(target=show)
shower.start()
for line in sys.stdin:
    client.sendall(line.encode())
client.shutdown(socket.SHUT_WR)
shower.join()
