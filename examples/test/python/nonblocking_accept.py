"""The twin of nonblocking-accept."""
import socket, sys, time

listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
listener.setblocking(False)
print(f"listening on port {listener.getsockname()[1]}")
in_vain = 0
while True:
    try:
        conn, (host, port) = listener.accept()
    except BlockingIOError:
        in_vain += 1
        time.sleep(0.05)
        continue
    print(f"{host}:{port} has come")
    conn.sendall(f"you have come after {in_vain} looks in vain\n".encode())
    conn.close()
    in_vain = 0
