"""Run one command with limits on processor time, memory, file size and wall time, and say what it used.

    python -I -S limited.py REPORT CPU_SECONDS MEMORY_BYTES FILE_BYTES WALL_SECONDS COMMAND [ARGUMENT ...]

It is a process of its own between the tests and the command because a process inherits the peak memory of the one it
was started from: counted from here, the peak is the command's own. REPORT gets the exit code (below zero: killed by
that signal) and the peak of resident memory in KiB. FILE_BYTES 0 is no limit.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Sequence


def main(report: str, numbers: Sequence[str], command: list[str]) -> None:
    cpu, memory, size, wall = (int(number) for number in numbers)
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if size:  # the kernel answers "file too large" then, as a full disk answers "no space"
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        os.execv(command[0], command)
    signal.signal(signal.SIGALRM, lambda _number, _frame: os.kill(child, signal.SIGKILL))
    signal.alarm(wall)
    _, status, used = os.wait4(child, 0)
    with open(report, "w", encoding="ascii") as stream:
        stream.write(f"{os.waitstatus_to_exitcode(status)} {used.ru_maxrss}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:6], sys.argv[6:])
