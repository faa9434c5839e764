"""A frame with a protocol of our own: raw_ethernet_frame.py receive INTERFACE | send INTERFACE MAC TEXT."""
import socket
import sys

PROTOCOL = 0x88B5


def mac(data):
    return ":".join(f"{byte:02x}" for byte in data)


s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
if sys.argv[1] == "receive":
    s.bind((sys.argv[2], PROTOCOL))
    print(f"waiting at {sys.argv[2]}")
    frame = s.recv(1514)
    print(f"{mac(frame[6:12])} > {mac(frame[:6])} type 0x{int.from_bytes(frame[12:14], 'big'):x}")
    print(frame[14:].rstrip(b"\0").decode())
else:
    s.bind((sys.argv[2], 0))
    source = s.getsockname()[4]
    header = bytes.fromhex(sys.argv[3].replace(":", "")) + source + PROTOCOL.to_bytes(2, "big")
    print(f"sent {s.send(header + sys.argv[4].encode())} bytes from {mac(source)}")
