"""Starts, finds and stops the process of the embedded AWS."""

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
_VISIBLE_WITHIN_SECONDS = 5
_COMMAND_WORD = b"ministack"


def launch(command: list[str], *, settings: Mapping[str, str], folder: Path, log: Path) -> int:
    """Start a process that outlives this one, with its own environment; return its pid."""
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
    _wait_until_visible(process)
    return process.pid


def _wait_until_visible(process: subprocess.Popen[bytes]) -> None:
    """Wait for the command line: without one, a new process on a busy machine looks dead."""
    deadline = time.monotonic() + _VISIBLE_WITHIN_SECONDS
    while not is_alive(process.pid) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    """Return whether the process runs and is the embedded AWS, not another that reused its pid."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    if Path("/proc").exists():
        with contextlib.suppress(OSError):
            return _COMMAND_WORD in Path(f"/proc/{pid}/cmdline").read_bytes()
        return False
    shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True)
    return _COMMAND_WORD in shown.stdout


def end(pid: int) -> bool:
    """Stop the process and its workers, first with SIGTERM; return whether it is gone."""
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
    """Return whether this port is free to listen on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def any_free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
