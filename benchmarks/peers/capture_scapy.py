"""Sniffs with scapy, and writes what comes to a file: capture_scapy.py INTERFACE FILE. Counts from one line of input to the next."""

import json
import os
import sys
import time

try:
    import logging

    logging.getLogger("scapy.runtime").setLevel(logging.ERROR)
    from scapy.sendrecv import AsyncSniffer
    from scapy.utils import PcapWriter
except ImportError:
    # Debian's package is for Debian's own Python.
    debian = "/usr/bin/python3"
    if os.path.exists(debian) and not os.path.samefile(sys.executable, debian):
        os.execv(debian, [debian, *sys.argv])
    print(json.dumps({"missing": "python3-scapy is missing"}), flush=True)
    sys.exit()

import threading

interface, path = sys.argv[1:3]
captured = 0
writer = PcapWriter(path)


def take(packet):
    global captured
    captured += 1
    writer.write(packet)


begun = threading.Event()
sniffer = AsyncSniffer(iface=interface, prn=take, store=False, started_callback=begun.set)
sniffer.start()
begun.wait()
print(json.dumps({"ready": True}), flush=True)
sys.stdin.readline()
earlier, before = captured, time.process_time()
print(json.dumps({"begun": True}), flush=True)
sys.stdin.readline()
cpu = time.process_time() - before
print(json.dumps({"captured": captured - earlier, "cpu": cpu}), flush=True)
os._exit(0)
