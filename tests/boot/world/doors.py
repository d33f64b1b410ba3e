#!/usr/bin/env python3
"""What an ordinary user of a cloud's server image finds open under /run, as far as this machine lacks it."""
import os
import socket
import threading

PATHS = [
    "/run/snapd.socket",
    "/run/snapd-snap.socket",
    "/run/docker.sock",
    "/run/containerd/containerd.sock",
    "/run/lxd-installer.socket",
    "/run/multipathd.socket",
    "/run/uuidd/request",
    "/run/acpid.socket",
]
# multipathd's and the like: no path hides these, and each asks who its caller is.
ABSTRACT = "\0/org/kernel/linux/storage/multipathd"


def answer(listener):
    while True:
        caller, _ = listener.accept()
        try:
            caller.sendall(b"come in\n")
        except OSError:
            pass
        caller.close()


for path in [*PATHS, ABSTRACT]:
    # A real engine keeps its own.
    if os.path.exists(path):
        continue
    if not path.startswith("\0"):
        os.makedirs(os.path.dirname(path), exist_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    listener.listen()
    if not path.startswith("\0"):
        os.chmod(path, 0o666)
    threading.Thread(target=answer, args=(listener,)).start()
