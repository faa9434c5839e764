"""Reads or builds packets with scapy: packets_scapy.py view|value|build SECONDS WARMUP."""

import json
import os
import sys
import time

try:
    import logging

    logging.getLogger("scapy.runtime").setLevel(logging.ERROR)
    from scapy.layers.inet import IP, TCP
    from scapy.layers.l2 import Ether
    from scapy.packet import Raw
except ImportError:
    # Debian's package is for Debian's own Python.
    debian = "/usr/bin/python3"
    if os.path.exists(debian) and not os.path.samefile(sys.executable, debian):
        os.execv(debian, [debian, *sys.argv])
    print(json.dumps({"missing": "python3-scapy is missing"}), flush=True)
    sys.exit()

what, seconds, warmup = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
data = b"a" * 64


def make():
    return bytes(
        Ether(dst="02:00:00:00:00:01", src="02:00:00:00:00:02")
        / IP(src="192.0.2.1", dst="192.0.2.2")
        / TCP(sport=40000, dport=80, seq=1, ack=2, flags="A")
        / Raw(data)
    )


packet = make()


def view():
    read = Ether(packet)
    segment = read[TCP]
    return segment.dport + segment.seq + read[IP].ttl


def value():
    layer, values = Ether(packet), []
    while layer:
        values.append({**layer.fields})
        layer = layer.payload
    return len(values)


work = {"view": view, "value": value, "build": make}[what]


def run_for(wanted):
    begun, count = time.process_time(), 0
    while True:
        for _ in range(20):
            work()
        count += 20
        spent = time.process_time() - begun
        if spent >= wanted:
            return count / spent


run_for(warmup)
print(json.dumps({"rate": run_for(seconds)}), flush=True)
