"""Tries everything its user can, and tells what came of it: one line of JSON, what was tried to what it got.

Nothing after a name means that the way is closed. What it needs to know comes as JSON.
"""
import ctypes
import fcntl
import glob
import json
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import time

FACTS = json.loads(sys.argv[1])
ME = os.geteuid()
TRIES = {}


def tried(what):
    def keep(function):
        TRIES[what] = function

    return keep


# --- D-Bus, without any of its tools --------------------------------------------------------------


def bus(path, destination, object_path, interface, member, signature, body):
    """A method call as it goes over the wire; the answer when it is no error."""

    def text(value):
        value = value.encode()
        return struct.pack("<I", len(value)) + value + b"\0"

    def message(serial, destination, object_path, interface, member, signature, body):
        fields = b""
        for code, kind, value in [(1, "o", object_path), (6, "s", destination), (2, "s", interface), (3, "s", member)]:
            fields += b"\0" * (-len(fields) % 8) + bytes([code, 1]) + kind.encode() + b"\0" + text(value)
        if signature:
            fields += b"\0" * (-len(fields) % 8) + b"\x08\x01g\0" + bytes([len(signature)]) + signature.encode() + b"\0"
        head = struct.pack("<BBBBIII", ord("l"), 1, 0, 1, len(body), serial, len(fields)) + fields
        return head + b"\0" * (-len(head) % 8) + body

    with socket.socket(socket.AF_UNIX) as wire:
        wire.settimeout(20)
        wire.connect(path)
        wire.sendall(b"\0AUTH EXTERNAL " + str(ME).encode().hex().encode() + b"\r\n")
        assert wire.recv(512).startswith(b"OK")
        hello = "org.freedesktop.DBus"
        wire.sendall(b"BEGIN\r\n" + message(1, hello, "/org/freedesktop/DBus", hello, "Hello", "", b""))
        wire.sendall(message(2, destination, object_path, interface, member, signature, body))
        answers = wire.makefile("rb")
        while True:
            head = answers.read(16)
            _, kind, _, _, length, _, fields = struct.unpack("<BBBBIII", head)
            rest = answers.read(fields + -fields % 8 + length)
            # The number of the call that this answers.
            if kind in (2, 3) and b"\x05\x01u\0\x02\0\0\0" in rest:
                return kind == 2 and "the bus answers"


def strings(*values):
    body = b""
    for value in values:
        body += b"\0" * (-len(body) % 4) + struct.pack("<I", len(value)) + value.encode() + b"\0"
    return body


SYSTEM_BUS = "/run/dbus/system_bus_socket"


@tried("talk to the system's bus")
def _():
    bus_name = "org.freedesktop.DBus"
    return bus(SYSTEM_BUS, bus_name, "/org/freedesktop/DBus", bus_name, "ListNames", "", b"")


@tried("have its user's manager run without a session")
def _():
    body = struct.pack("<III", ME, 1, 0)
    login = "org.freedesktop.login1"
    return bus(SYSTEM_BUS, login, "/org/freedesktop/login1", login + ".Manager", "SetUserLinger", "ubb", body)


@tried("start its user's manager")
def _():
    manager, body = "org.freedesktop.systemd1", strings(f"user@{ME}.service", "replace")
    return bus(SYSTEM_BUS, manager, "/org/freedesktop/systemd1", manager + ".Manager", "StartUnit", "ss", body)


@tried("run something by its user's manager")
def _():
    for _ in range(50):
        if opens(f"/run/user/{ME}/systemd/private"):
            return "connected"
        if not os.path.exists("/run/user"):
            return False
        time.sleep(0.1)
    return False


# --- other programs' sockets ----------------------------------------------------------------------

DOORS = ["/run/docker.sock", "/run/containerd/containerd.sock", "/run/snapd.socket", "/run/systemd/private"]


def opens(path):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        with socket.socket(socket.AF_UNIX, kind) as wire:
            try:
                wire.connect(path)
                return True
            except OSError:
                continue
    return False


@tried("open a socket under /run")
def _():
    found = set(DOORS)
    for folder, _, names in os.walk("/run"):
        found.update(f"{folder}/{name}" for name in names)
    return [path for path in sorted(found) if opens(path)]


@tried("open a socket without a path")
def _():
    with open("/proc/net/unix", encoding="utf-8", errors="replace") as sockets:
        names = {line.split()[7] for line in sockets if " @" in line and line.split()[3] == "00010000"}
    return [name for name in sorted(names - set(FACTS["abstract"])) if opens("\0" + name[1:])]


@tried("find another port on loopback")
def _():
    ports = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with open(table, encoding="utf-8") as sockets:
            for line in list(sockets)[1:]:
                if line.split()[3] == "0A":
                    ports.add(int(line.split()[1].rsplit(":", 1)[1], 16))
    return sorted(ports - set(FACTS["ports"]))


def reach(address):
    with socket.create_connection((address, 80), timeout=3):
        return "connected"


for metadata in FACTS["metadata"]:
    TRIES[f"reach the metadata service at {metadata}"] = lambda address=metadata: reach(address)


# --- secrets --------------------------------------------------------------------------------------

MARK = b"MARK" + b"ED-"
# Other views of processes and devices, and the test's own folder, which no machine has.
ELSEWHERE = ("/proc", "/sys", "/dev", "/usr", "/srv/world")


@tried("read a secret in a file")
def _():
    found = []
    for folder, folders, names in os.walk("/"):
        folders[:] = [name for name in folders if not os.path.join(folder, name).startswith(ELSEWHERE)]
        for path in (os.path.join(folder, name) for name in names):
            try:
                if os.path.isfile(path) and os.path.getsize(path) < 1 << 26:
                    with open(path, "rb") as file:
                        if MARK in file.read():
                            found.append(path)
            except OSError:
                continue
    return found


@tried("read a secret in an environment or among arguments")
def _():
    found = []
    for path in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/task/*/environ") + glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                if MARK in file.read():
                    found.append(path)
        except OSError:
            continue
    return found


@tried("read the memory of the runtime")
def _():
    for pid in runtime():
        try:
            with open(f"/proc/{pid}/mem", "rb"):
                return "opened"
        except OSError:
            continue
    return False


@tried("trace the runtime")
def _():
    PTRACE_SEIZE, PTRACE_DETACH = 0x4206, 17
    libc = ctypes.CDLL(None, use_errno=True)
    for pid in runtime():
        if libc.ptrace(PTRACE_SEIZE, pid, None, None) == 0:
            libc.ptrace(PTRACE_DETACH, pid, None, None)
            return "attached"
    return False


def runtime():
    """By its number, and by its place above this program: a container has numbers of its own."""
    yield FACTS["runtime_pid"]
    pid = os.getppid()
    while pid > 1:
        with open(f"/proc/{pid}/cmdline", "rb") as words:
            if b"serve" in words.read().split(b"\0"):
                yield pid
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            pid = int(stat.read().rsplit(")", 1)[1].split()[1])


@tried("have memory written to disk")
def _():
    resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20))
    return "no limit"


# --- things to leave behind -----------------------------------------------------------------------


@tried("stop the other service")
def _():
    os.kill(FACTS["other_pid"], signal.SIGCONT)
    return "it may"


@tried("have cron run something")
def _():
    done = subprocess.run(["crontab", "-"], input=b"@reboot true\n", capture_output=True, check=False)
    return done.returncode == 0 and "accepted"


@tried("hold a lock of root's")
def _():
    return [path for path in glob.glob("/var/lib/codewhale-setup/*lock") if lock(path)]


def lock(path):
    try:
        with open(path, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except OSError:
        return False


def result(function):
    try:
        return function() or ""
    except (OSError, AssertionError, ValueError):
        return ""


print(json.dumps({what: result(function) for what, function in TRIES.items()}))
