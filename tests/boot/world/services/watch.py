"""Looks at the arguments of every program on the machine, all the time, for a secret among them."""
import os
import time

from standing import record

seen = set()
while True:
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{process}/cmdline", "rb") as file:
                arguments = file.read()
        except OSError:
            continue
        if b"MARKED-" in arguments and arguments not in seen:
            seen.add(arguments)
            record("watch", arguments=arguments.decode(errors="replace"))
    time.sleep(0.02)
