"""The twin of byte-order."""
import socket, sys

long = int(sys.argv[1]) if len(sys.argv) > 1 else 305419896
short = long % 0x10000
print("this machine:", sys.byteorder, "endian")
print(f"long, host order: 0x{long:08x} network order: 0x{socket.htonl(long):08x}")
print(f"short, host order: 0x{short:04x} network order: 0x{socket.htons(short):04x}")
back = socket.ntohl(socket.htonl(long)) == long and socket.ntohs(socket.htons(short)) == short
print("there and back:", str(back).lower())
