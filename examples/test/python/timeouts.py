"""The twin of timeouts, with milliseconds made of its seconds."""
import socket


def shown(seconds):
    return "null" if seconds is None else round(seconds * 1000)


sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("127.0.0.1", 0))
print("at first:", shown(sock.gettimeout()))
sock.settimeout(0.1)
print("set:", shown(sock.gettimeout()))
try:
    sock.recv(1024)
except TimeoutError as error:
    print("nobody sends:", type(error).__name__)
sock.setblocking(False)
print("non-blocking:", shown(sock.gettimeout()))
try:
    sock.recv(1024)
except BlockingIOError as error:
    print("nobody has sent:", type(error).__name__)
socket.setdefaulttimeout(2.5)
later = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
print("of a socket made after setdefaulttimeout():", shown(later.gettimeout()))
