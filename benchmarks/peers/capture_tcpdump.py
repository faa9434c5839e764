"""
Has tcpdump capture into a file: capture_tcpdump.py INTERFACE FILE. Counts from one line of input, which says how many
packets there were before, to the next.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys

interface, path = sys.argv[1:3]
if shutil.which("tcpdump") is None:
    print(json.dumps({"missing": "tcpdump is missing"}), flush=True)
    sys.exit()
command = ["tcpdump", "-n", "-i", interface, "-w", path, "-Z", "root"]
child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
said = ""
for line in child.stderr:
    said += line
    if "listening on" in line:
        break
else:
    sys.exit(said)
print(json.dumps({"ready": True}), flush=True)
earlier = int(sys.stdin.readline())
with open(f"/proc/{child.pid}/schedstat") as file:
    before = int(file.read().split()[0]) / 1e9
print(json.dumps({"begun": True}), flush=True)
sys.stdin.readline()
child.send_signal(signal.SIGINT)
said = child.stderr.read()
_, _, usage = os.wait4(child.pid, 0)


def number(what):
    return int(re.search(rf"(\d+) packets? {what}", said)[1])


cpu = usage.ru_utime + usage.ru_stime - before
print(json.dumps({"captured": number("captured") - earlier, "cpu": cpu}), flush=True)
