"""Reads a capture with another program, or with scapy: pcapng_tool.py tcpdump|capinfos|scapy PATH."""

import json
import os
import resource
import shutil
import subprocess
import sys

tool, path = sys.argv[1:3]
count = 0


def missing(what):
    print(json.dumps({"missing": f"{what} is missing"}), flush=True)
    sys.exit()


def spent(who):
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


if tool == "scapy":
    try:
        import logging

        logging.getLogger("scapy.runtime").setLevel(logging.ERROR)
        from scapy.utils import RawPcapNgReader
    except ImportError:
        # Debian's package is for Debian's own Python.
        debian = "/usr/bin/python3"
        if os.path.exists(debian) and not os.path.samefile(sys.executable, debian):
            os.execv(debian, [debian, *sys.argv])
        missing("python3-scapy")
    begun = spent(resource.RUSAGE_SELF)
    total = 0
    for data, meta in RawPcapNgReader(path):
        total += data[12] + meta.wirelen + meta.tshigh + meta.tslow
        count += 1
    seconds = spent(resource.RUSAGE_SELF) - begun
else:
    if shutil.which(tool) is None:
        missing(tool)
    command = {
        "tcpdump": ["tcpdump", "-r", path, "-w", "/dev/null"],
        # Everything that it tells of a file, but for the hashes of it.
        "capinfos": ["capinfos", "-M", "-c", "-d", "-a", "-e", path],
    }[tool]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    seconds = spent(resource.RUSAGE_CHILDREN)

size = os.path.getsize(path) / 1e6
figures = {"rate": size / seconds}
if count > 0:
    figures["packets"] = count / seconds
print(json.dumps(figures), flush=True)
