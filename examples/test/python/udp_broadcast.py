"""The twin of udp-broadcast."""
import os, socket, sys

role, port, *address_and_patience = sys.argv[1:]
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
if role == "answer":
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("", int(port)))
    print(f"listening on port {sock.getsockname()[1]}")
    while True:
        question, address = sock.recvfrom(1500)
        print(f"{address[0]}:{address[1]} asks: {question.decode()}")
        sock.sendto(f"{socket.gethostname()}, process {os.getpid()}".encode(), address)

sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
host, patience = address_and_patience
sock.sendto(b"who is there?", (host, int(port)))
sock.settimeout(int(patience) / 1000)
try:
    while True:
        answer, (host, port) = sock.recvfrom(1500)
        print(f"{host}:{port} answers: {answer.decode()}")
except TimeoutError:
    pass
