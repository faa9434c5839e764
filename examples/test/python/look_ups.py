"""The twin of look-ups."""
import socket, sys

host = sys.argv[1] if len(sys.argv) > 1 else "localhost"


def shown(address):
    name, port = address[:2]
    return f"[{name}]:{port}" if ":" in name else f"{name}:{port}"


print("this machine:", socket.gethostname())
print(f"{host}:", socket.gethostbyname(host))
for *_, address in socket.getaddrinfo(host, 80, type=socket.SOCK_STREAM):
    print(f"{host}, port 80:", shown(address))
for port in (22, 25, 80, 443):
    print(f"port {port}/tcp:", socket.getservbyport(port, "tcp"))
print("domain/udp: port", socket.getservbyname("domain", "udp"))
for name in ("icmp", "tcp", "udp"):
    print(f"protocol {name}:", socket.getprotobyname(name))
