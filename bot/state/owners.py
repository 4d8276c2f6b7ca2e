"""Which process holds a lease, and whether it still lives.

A lease ends by time in any case. On one machine a killed process is noticed at once, so that a cron job run
again right after a crash continues where the first one stopped.
"""

from __future__ import annotations

import os
import secrets
import socket
from pathlib import Path

_PARTS = 5


def new_owner() -> str:
    """A name for one holder in this process: machine, process namespace, process, its start, random."""
    pid = os.getpid()
    return "|".join((*_machine(), str(pid), _started(pid), secrets.token_hex(8)))


def is_gone(owner: str) -> bool:
    """True only when `owner` was a process of this machine that has ended."""
    parts = owner.split("|")
    if len(parts) != _PARTS or tuple(parts[:2]) != _machine():
        return False
    pid, started = int(parts[2]), parts[3]
    return not _alive(pid) or _started(pid) != started


def _machine() -> tuple[str, str]:
    # Containers may share a host name; the namespace tells whose process ids are meant.
    namespace = Path("/proc/self/ns/pid")
    return socket.gethostname().replace("|", ""), str(namespace.readlink()) if namespace.is_symlink() else ""


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _started(pid: int) -> str:
    # Field 22 of stat, counted after the command name, which may hold spaces and brackets.
    try:
        fields = (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
    except OSError:
        return ""
    return "" if fields[0] in {"Z", "X"} else fields[19]
