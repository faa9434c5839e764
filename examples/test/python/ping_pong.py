"""The twin of ping-pong: the other end goes to a child."""
import os, socket

here, there = socket.socketpair()
if os.fork() == 0:
    here.close()
    while there.recv(16) == b"ping":
        there.sendall(b"pong")
    os._exit(0)
there.close()
for round in range(1, 4):
    here.sendall(b"ping")
    print(f"round {round}: {here.recv(16).decode()}")
here.close()
os.wait()
