"""The twin of valid-ipv6."""
import json, socket, sys


def is_ipv6(text):
    try:
        socket.inet_pton(socket.AF_INET6, text)
        return True
    except OSError:
        return False


for text in sys.argv[1:]:
    print(json.dumps(text), "is an IPv6 address" if is_ipv6(text) else "is none")
