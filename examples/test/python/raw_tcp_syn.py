"""Asks a port to open a connection with a hand-made SYN: raw_tcp_syn.py HOST PORT."""
import random
import socket
import struct
import sys

host, port = sys.argv[1], int(sys.argv[2])
source_port = random.randrange(49152, 65536)
sequence = 454

guide = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
guide.connect((host, 9))
source, destination = guide.getsockname()[0], guide.getpeername()[0]


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


addresses = socket.inet_aton(source) + socket.inet_aton(destination)
header = struct.pack("!BBHHHBBH", 0x45, 0, 40, 54321, 0, 255, socket.IPPROTO_TCP, 0) + addresses
segment = struct.pack("!HHLLBBHHH", source_port, port, sequence, 0, 5 << 4, 2, 5840, 0, 0)
pseudo = addresses + struct.pack("!BBH", 0, socket.IPPROTO_TCP, len(segment))
segment = segment[:16] + struct.pack("!H", checksum(pseudo + segment)) + segment[18:]

raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
raw.setsockopt(socket.IPPROTO_IP, socket.IP_HDRINCL, 1)
raw.settimeout(20)
raw.sendto(header + segment, (destination, 0))
print(f"sent: {source} > {destination}:{port} SYN seq {sequence}")
while True:
    packet = raw.recv(65535)
    reply = packet[(packet[0] & 15) * 4 :]
    from_port, to_port, _, ack, _, flags = struct.unpack("!HHLLBB", reply[:14])
    if packet[12:16] != socket.inet_aton(destination) or (from_port, to_port) != (port, source_port):
        continue
    if not flags & 16:
        continue
    verdict = "RST,ACK: closed" if flags & 4 else "SYN,ACK: open"
    print(f"received: {destination}:{port} > {source} ack {ack} {verdict}")
    break
