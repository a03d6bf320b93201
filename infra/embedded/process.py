"""Starts, finds and ends the process of the embedded AWS."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

_STOPS_WITHIN_SECONDS = 10
_SHOWS_WITHIN_SECONDS = 5
_WORD_OF_ITS_COMMAND = b"ministack"


def launch(command: list[str], *, settings: Mapping[str, str], folder: Path, log: Path) -> int:
    """The number of a process that outlives us, with an environment of its own."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env={**inherited, **settings},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _wait_until_it_shows(process)
    return process.pid


def _wait_until_it_shows(process: subprocess.Popen[bytes]) -> None:
    """On a busy machine a new process has no command line yet: it would pass for a dead one."""
    deadline = time.monotonic() + _SHOWS_WITHIN_SECONDS
    while not is_alive(process.pid) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    """Whether the process runs, and is the embedded AWS, not a later one of the same number."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    if Path("/proc").exists():
        with contextlib.suppress(OSError):
            return _WORD_OF_ITS_COMMAND in Path(f"/proc/{pid}/cmdline").read_bytes()
        return False
    shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True)
    return _WORD_OF_ITS_COMMAND in shown.stdout


def end(pid: int) -> bool:
    """Ends the process and its workers, politely first; whether it is gone."""
    for kind in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, kind)
        deadline = time.monotonic() + _STOPS_WITHIN_SECONDS
        while time.monotonic() < deadline:
            if not is_alive(pid):
                return True
            time.sleep(0.1)
    return False


def is_free(port: int) -> bool:
    """Whether we could listen on this port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def any_free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
