"""
Performs the steps of scenarios with Python's socket module: a line of JSON in, a line of JSON out.
The vocabulary is described in scenario.ts; ours.ts performs the same steps with the library.
"""
import array
import errno
import json
import os
import re
import socket
import struct
import sys
import threading
import time
import traceback

PID = os.getpid()
DEFAULT_TIMEOUT = 5
# What this Python does not name.
MISSING = {
    "IP_PKTINFO": 8, "IP_RECVTTL": 12, "IP_MTU_DISCOVER": 10, "IP_PMTUDISC_DO": 2, "SO_TIMESTAMP": 29,
    "SO_RCVBUFFORCE": 33, "SO_ACCEPTCONN": 30, "SO_BROADCAST": 6, "ETH_P_ALL": 3, "SO_RXQ_OVFL": 40,
    "ETH_P_LOOP": 0x0060, "MSG_EOR": 0x80, "SOL_IPV6": 41, "SOL_RAW": 255, "IPPROTO_MPTCP": 262,
}

things = {}  # name: a socket, or a file object
running = {}  # name: (thread, box)
descriptors_before = None


class Absent(Exception):
    """The step is about a socket that an earlier step could not make."""


def thing(name):
    if name not in things:
        raise Absent()
    return things[name]


def number(text):
    """The value of an expression: names and numbers, joined by | or +, and CMSG_LEN(n), CMSG_SPACE(n)."""
    total = 0
    for term in re.split(r"[|+]", text):
        call = re.fullmatch(r"(CMSG_LEN|CMSG_SPACE)\((\d+)\)", term)
        if call:
            total += getattr(socket, call[1])(int(call[2]))
        elif re.fullmatch(r"\d+", term):
            total += int(term)
        elif hasattr(socket, term):
            total += int(getattr(socket, term))
        else:
            total += MISSING[term]
    return total


def value(v):
    if isinstance(v, str):
        return number(v)
    if isinstance(v, list):
        return [value(each) for each in v]
    if isinstance(v, dict):
        if "text" in v:
            return v["text"].encode("latin1") * v.get("times", 1)
        if "hex" in v:
            return bytes.fromhex(v["hex"])
        if "ints" in v:
            return struct.pack(f"{len(v['ints'])}i", *value(v["ints"]))
        if "fds" in v:
            return array.array("i", [thing(name).fileno() for name in v["fds"]]).tobytes()
        if "credentials" in v:
            return struct.pack("3i", PID, os.getuid(), os.getgid())
        if "at" in v:
            return tuple(value(each["value"]) if isinstance(each, dict) else
                         bytes.fromhex(each[4:]) if isinstance(each, str) and each.startswith("hex:") else each
                         for each in v["at"])
        if "unix" in v:
            return os.fsdecode(v["unix"].encode("latin1"))
        if "of" in v:
            return thing(v["of"]).getsockname()
        return {key: value(each) for key, each in v.items()}
    return v


def shown(data):
    data = bytes(data)
    if all(0x20 <= byte < 0x7f for byte in data) and len(data) <= 400:
        return "text:" + data.decode()
    if len(data) > 400:
        return f"long:{len(data)}:{sum((i % 8191 + 1) * b for i, b in enumerate(data)) % 1000003}"
    return "hex:" + data.hex()


def shown_address(family, address):
    if address is None:
        return None
    if family in (socket.AF_INET, socket.AF_INET6):
        return [address[0], {"port": address[1]}, *address[2:]]
    if family == socket.AF_UNIX:
        raw = address if isinstance(address, bytes) else os.fsencode(address)
        if re.fullmatch(rb"\0[0-9a-f]{5}", raw):
            return "autobound"
        return {"unix": raw.decode("latin1")}
    if family == socket.AF_PACKET:
        return [*address[:4], shown(address[4])]
    if family == socket.AF_NETLINK:
        return [{"pid": address[0]}, address[1]]
    if family == socket.AF_VSOCK:
        return [address[0], {"port": address[1]}]
    return str(address)


def shown_ancillary(items):
    result = []
    for level, type, data in items:
        if level == socket.SOL_SOCKET and type == socket.SCM_RIGHTS:
            count = len(data) // 4
            fds = struct.unpack(f"{count}i", data[:count * 4])
            result.append(["rights", [{"file": os.readlink(f"/proc/self/fd/{fd}")} for fd in fds],
                           shown(data[count * 4:])])
            for fd in fds:
                os.close(fd)
        elif level == socket.SOL_SOCKET and type == socket.SCM_CREDENTIALS:
            if len(data) < 4:
                result.append(["credentials", len(data)])
            else:
                result.append(["credentials", {"pid": struct.unpack("i", data[:4])[0]}, shown(data[4:])])
        else:
            result.append([level, type, shown(data)])
    return result


def seconds(milliseconds):
    return milliseconds if milliseconds is None else milliseconds / 1000


def milliseconds(timeout):
    return timeout if timeout is None else round(timeout * 1000)


def kind(s):
    return [int(s.family), int(s.type), s.proto]


def keep(name, made):
    things[name] = made
    return kind(made)


def descriptor_flags(one):
    with open(f"/proc/self/fdinfo/{one.fileno()}") as info:
        return int(re.search(r"flags:\s*(\d+)", info.read())[1], 8)


class Makers:
    """The steps that make what they are about."""

    def socket(self, name, *args):
        return keep(name, socket.socket(*args))

    def socketpair(self, names, *args):
        one, other = names.split()
        made = socket.socketpair(*args)
        return [keep(one, made[0]), keep(other, made[1])]

    def createServer(self, name, address, options):
        renamed = {"reusePort": "reuse_port", "dualstackIpv6": "dualstack_ipv6"}
        return keep(name, socket.create_server(
            address, **{renamed.get(key, key): each for key, each in options.items()}))

    def createConnection(self, name, address, options):
        given = {}
        if "timeout" in options:
            given["timeout"] = seconds(options["timeout"])
        if "source" in options:
            given["source_address"] = options["source"]
        if options.get("allErrors"):
            given["all_errors"] = True
        return keep(name, socket.create_connection(address[:2], **given))

    def fromfd(self, name, of, *args):
        return keep(name, socket.fromfd(thing(of["name"]).fileno(), *args))

    def fromFileno(self, name, of):
        return keep(name, socket.socket(fileno=thing(of["name"]).detach()))

    def copyOfDescriptor(self, name, of):
        fd = os.dup(thing(of["name"]).fileno())
        try:
            return keep(name, socket.socket(fileno=fd))
        except OSError:
            os.close(fd)
            raise

    def file(self, name, data):
        with open(name, "wb") as file:
            file.write(data)
        things[name] = open(name, "rb")

    def open(self, name, path):
        things[name] = open(path["path"], "rb", buffering=0)


class Members:
    """The steps about what is there already."""

    def accept(self, s, name):
        made, address = s.accept()
        return [keep(name, made), shown_address(made.family, address)]

    def dup(self, s, name):
        return keep(name, s.dup())

    def detach(self, s):
        fd = s.detach()
        if fd >= 0:
            os.close(fd)
        return fd >= 0

    def kind(self, s):
        return kind(s)

    def isOpen(self, s):
        return s.fileno() >= 0

    def identity(self, one):
        return {"file": os.readlink(f"/proc/self/fd/{one.fileno()}")}

    def nonblocking(self, one):
        return descriptor_flags(one) & os.O_NONBLOCK != 0

    def closeOnExec(self, one):
        return descriptor_flags(one) & os.O_CLOEXEC != 0

    def position(self, file):
        return file.tell()

    def close(self, one):
        return one.close()

    def bind(self, s, address):
        return s.bind(address)

    def listen(self, s, *args):
        return s.listen(*args)

    def connect(self, s, address):
        return s.connect(address)

    def connectEx(self, s, address):
        code = s.connect_ex(address)
        return errno.errorcode[code] if code else 0

    def shutdown(self, s, how):
        return s.shutdown(how)

    def getsockname(self, s):
        return shown_address(s.family, s.getsockname())

    def getpeername(self, s):
        return shown_address(s.family, s.getpeername())

    def getsockopt(self, s, *args):
        got = s.getsockopt(*args)
        return shown(got) if isinstance(got, bytes) else got

    def setsockopt(self, s, *args):
        return s.setsockopt(*args)

    def settimeout(self, s, timeout):
        return s.settimeout(seconds(timeout))

    def gettimeout(self, s):
        return milliseconds(s.gettimeout())

    def setblocking(self, s, blocking):
        return s.setblocking(blocking)

    def getblocking(self, s):
        return s.getblocking()

    def getInheritable(self, s):
        return s.get_inheritable()

    def setInheritable(self, s, inheritable):
        return s.set_inheritable(inheritable)

    def send(self, s, *args):
        return s.send(*args)

    def sendInChild(self, s, data):
        """Sends from another process, which is over when this is."""
        child = os.fork()
        if child == 0:
            s.send(data)
            os._exit(0)
        os.waitpid(child, 0)
        return {"child": child}

    def sendall(self, s, *args):
        return s.sendall(*args)

    def sendto(self, s, *args):
        return s.sendto(*args)

    def sendmsg(self, s, buffers, *args):
        return s.sendmsg(buffers, *args)

    def sendfile(self, s, file, *args):
        return s.sendfile(thing(file["name"]), *args)

    def fill(self, s):
        """Sends until no more goes in."""
        before = s.gettimeout()
        s.settimeout(0)
        try:
            while True:
                s.send(bytes(4096))
        except BlockingIOError:
            return True
        finally:
            s.settimeout(before)

    def recv(self, s, *args):
        return shown(s.recv(*args))

    def recvWhole(self, s, size):
        """Receives as often as it takes."""
        parts = []
        while size > 0:
            part = s.recv(size)
            if not part:
                break
            parts.append(part)
            size -= len(part)
        return shown(b"".join(parts))

    def recvInto(self, s, size, *args):
        room = bytearray(b"." * size)
        return [s.recv_into(room, *args), shown(room)]

    def recvfrom(self, s, *args):
        data, address = s.recvfrom(*args)
        return [shown(data), shown_address(s.family, address)]

    def recvfromInto(self, s, size, *args):
        room = bytearray(b"." * size)
        count, address = s.recvfrom_into(room, *args)
        return [count, shown(room), shown_address(s.family, address)]

    def recvmsg(self, s, *args):
        data, ancillary, flags, address = s.recvmsg(*args)
        return [shown(data), shown_ancillary(ancillary), flags, shown_address(s.family, address)]

    def recvmsgInto(self, s, sizes, *args):
        rooms = [bytearray(b"." * size) for size in sizes]
        count, ancillary, flags, address = s.recvmsg_into(rooms, *args)
        return [count, [shown(room) for room in rooms], shown_ancillary(ancillary), flags,
                shown_address(s.family, address)]

    def sendFds(self, s, buffers, names):
        return socket.send_fds(s, buffers, [thing(name["name"]).fileno() for name in names])

    def recvFds(self, s, size, count):
        data, fds, flags, address = socket.recv_fds(s, size, count)
        files = [{"file": os.readlink(f"/proc/self/fd/{fd}")} for fd in fds]
        inheritable = [os.get_inheritable(fd) for fd in fds]
        for fd in fds:
            os.close(fd)
        return [shown(data), files, inheritable, flags, shown_address(s.family, address)]

    def netlinkDump(self, s, type):
        """Asks rtnetlink for a dump, and lists the types of the messages until NLMSG_DONE."""
        s.send(struct.pack("=IHHIIB3x", 20, type, 0x301, 7, 0, 0))
        found = []
        while True:
            data, address = s.recvfrom(65536)
            while data:
                length, kind, flags, sequence, pid = struct.unpack_from("=IHHII", data)
                found.append([kind, flags, sequence, {"pid": pid}, shown_address(s.family, address)])
                data = data[(length + 3) & ~3:]
                if kind == 3:
                    return found


class Others:
    """The steps about nothing in particular: their subject is "*"."""

    def getdefaulttimeout(self):
        return milliseconds(socket.getdefaulttimeout())

    def setdefaulttimeout(self, timeout):
        return socket.setdefaulttimeout(seconds(timeout))

    def hasDualstackIpv6(self):
        return socket.has_dualstack_ipv6()

    def has(self, name):
        return os.path.exists(os.fsencode(value(name)))

    def number(self, value):
        return value


makers, members, others = Makers(), Members(), Others()


def failure(error):
    if isinstance(error, ExceptionGroup):
        return {"error": "AggregateError", "errors": [failure(each) for each in error.exceptions]}
    if isinstance(error, socket.gaierror):
        names = [name for name in dir(socket) if name.startswith("EAI_") and getattr(socket, name) == error.errno]
        return {"error": "GaiError", "code": names[0] if names else error.errno}
    if isinstance(error, OSError):
        code = errno.errorcode.get(error.errno) if error.errno else None
        code = {"EDEADLOCK": "EDEADLK", "ENOTSUP": "EOPNOTSUPP"}.get(code, code)
        for name in ("ConnectionError", "BlockingIOError", "TimeoutError", "PermissionError"):
            if isinstance(error, getattr(__import__("builtins"), name)):
                return {"error": name, "code": code}
        return {"error": "SocketError", "code": code}
    if isinstance(error, (ValueError, OverflowError)):
        return {"error": "RangeError"}
    if isinstance(error, TypeError):
        return {"error": "TypeError"}
    raise error


def attempt(call):
    try:
        return {"value": call()}
    except Absent:
        return {"absent": True}
    except Exception as error:
        return failure(error)


FUTEX = {"x86_64": 202, "aarch64": 98}.get(os.uname().machine)


def wait_until_asleep(thread):
    """What comes after a call that waits is to find it waiting in the kernel, and not for the interpreter's lock."""
    while thread.is_alive():
        try:
            with open(f"/proc/self/task/{thread.native_id}/syscall") as place:
                number = place.read().split()[0]
        except OSError:
            return
        if number not in ("running", "-1", str(FUTEX)):
            return
        time.sleep(0.001)


def perform(step):
    subject, operation, *args = step
    if operation == "join":
        if subject not in running:
            return {"absent": True}
        thread, box = running.pop(subject)
        thread.join()
        return box[0]
    if operation.startswith("&"):
        box = []
        call = lambda: box.append(perform([subject, operation[1:], *args]))
        thread = threading.Thread(target=call, daemon=True)
        thread.start()
        wait_until_asleep(thread)
        running[subject] = (thread, box)
        return {"value": None}
    if operation == "has":
        return attempt(lambda: others.has(*args))
    if subject == "*":
        return attempt(lambda: getattr(others, operation)(*[value(each) for each in args]))
    if hasattr(makers, operation):
        return attempt(lambda: getattr(makers, operation)(subject, *[argument(each) for each in args]))
    method = getattr(members, operation)
    if operation in ("accept", "dup"):
        return attempt(lambda: method(thing(subject), *args))
    return attempt(lambda: method(thing(subject), *[argument(each) for each in args]))


def argument(v):
    if isinstance(v, dict) and ("name" in v or "path" in v):
        return v
    if isinstance(v, list) and v and isinstance(v[0], dict) and "name" in v[0]:
        return v
    return value(v)


def count_descriptors():
    return len(os.listdir("/proc/self/fd"))


def begin():
    global descriptors_before
    socket.setdefaulttimeout(DEFAULT_TIMEOUT)
    descriptors_before = count_descriptors()
    return {"pid": PID}


def end():
    for one in things.values():
        one.close()
    things.clear()
    for thread, _ in running.values():
        thread.join()
    running.clear()
    return {"leaked": count_descriptors() - descriptors_before}


for line in sys.stdin:
    request = json.loads(line)
    try:
        if request == "begin":
            answer = begin()
        elif request == "end":
            answer = end()
        else:
            answer = perform(request)
    except Exception:
        answer = {"broken": traceback.format_exc()}
    print(json.dumps(answer), flush=True)
