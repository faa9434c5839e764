"""The twin of select-three."""
import select, socket, sys

given = [int(port) for port in sys.argv[1:]] or [0, 0, 0]
sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for port in given]
for sock, port in zip(sockets, given):
    sock.bind(("127.0.0.1", port))
print("listening on ports " + ", ".join(str(sock.getsockname()[1]) for sock in sockets))
is_open = True
while is_open:
    readable, _, _ = select.select(sockets, [], [], 60)
    for sock in readable:
        text = sock.recv(1500).decode().strip()
        print(f"port {sock.getsockname()[1]}: {text}")
        if text == "q":
            is_open = False
