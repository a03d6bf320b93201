"""AWS on this machine, without Docker: MiniStack as a process of its own, with IAM enforced."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from infra.layer_builds import EMBEDDED_PYTHON, ROOT, uv

HOME = ROOT / ".recovery"
LOG = HOME / "embedded.log"
DEFAULT_PORT = 4566
ACCOUNT = "000000000000"
REGION = "us-east-1"
_RECORD = HOME / "embedded.json"
_STARTS_WITHIN_SECONDS = 60
_STOPS_WITHIN_SECONDS = 10

Progress = Callable[[str], None]


class EmbeddedAwsError(RuntimeError):
    """The embedded AWS can't do it; the text says what to do."""


@dataclass(frozen=True, kw_only=True)
class EmbeddedAws:
    """A running embedded AWS."""

    pid: int
    port: int

    @property
    def url(self) -> str:
        """Where every service answers."""
        return f"http://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        """Whether it is ready to serve."""
        try:
            with urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def is_alive(self) -> bool:
        """Whether its process runs, and is the one that we started."""
        with contextlib.suppress(OSError):
            command = Path(f"/proc/{self.pid}/cmdline").read_bytes()
            return b"ministack" in command
        return _exists(self.pid) and not Path("/proc").exists()


def running() -> EmbeddedAws | None:
    """The embedded AWS that `start` left running, if it still does."""
    try:
        known = EmbeddedAws(**json.loads(_RECORD.read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return known if known.is_alive() and known.answers() else None


def start(*, port: int | None = None, progress: Progress = lambda line: None) -> EmbeddedAws:
    """The embedded AWS, answering; the one that runs already, unless another port is asked for."""
    if (known := running()) and port in (None, known.port):
        return known
    if known:
        raise EmbeddedAwsError(f"It already runs on port {known.port}. Stop it first.")
    chosen = _free_port(port)
    prepare(progress=progress)
    progress(f"Starting the embedded AWS on port {chosen}")
    started = EmbeddedAws(pid=_launch(chosen), port=chosen)
    _RECORD.write_text(json.dumps(asdict(started)))
    _wait_until_it_answers(started)
    return started


def stop() -> bool:
    """Ends the embedded AWS and all it holds; whether there was one."""
    try:
        known = EmbeddedAws(**json.loads(_RECORD.read_text()))
    except (OSError, ValueError, TypeError):
        return False
    was_alive = known.is_alive()
    if was_alive:
        _end(known)
    _RECORD.unlink(missing_ok=True)
    return was_alive


def prepare(*, progress: Progress = lambda line: None) -> None:
    """Its environment, exactly as the lock file pins it; quick when it is there."""
    progress("Preparing the embedded AWS")
    synced = subprocess.run(
        [uv(), "sync", "--frozen", "--only-group=embedded", "--no-install-project"],
        cwd=ROOT,
        env=os.environ | {"UV_PROJECT_ENVIRONMENT": str(EMBEDDED_PYTHON.parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    if synced.returncode != 0:
        raise EmbeddedAwsError(f"Its packages could not be installed:\n{synced.stderr}")


def _launch(port: int) -> int:
    folders = {
        name: HOME / "embedded" / name.lower() for name in ("TMPDIR", "STATE_DIR", "S3_DATA_DIR")
    }
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    with LOG.open("wb") as log:
        process = subprocess.Popen(
            [str(EMBEDDED_PYTHON), "-m", "ministack"],
            env={
                "PATH": os.environ.get("PATH", os.defpath),
                "HOME": os.environ.get("HOME", str(HOME)),
                "AUTH": "true",
                "BIND_HOST": "127.0.0.1",
                "GATEWAY_PORT": str(port),
                "MINISTACK_REGION": REGION,
                "IOT_MTLS_ENABLED": "false",  # it would take a second port
                **{name: str(folder) for name, folder in folders.items()},
            },
            cwd=HOME,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return process.pid


def _wait_until_it_answers(started: EmbeddedAws) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN_SECONDS
    while not started.answers():
        if not started.is_alive():
            raise EmbeddedAwsError(f"It ended at once; its log says why: {LOG}\n{_end_of_log()}")
        if time.monotonic() > deadline:
            stop()
            raise EmbeddedAwsError(
                f"It did not answer within {_STARTS_WITHIN_SECONDS} s; its log: {LOG}\n"
                f"{_end_of_log()}"
            )
        time.sleep(0.1)


def _end(known: EmbeddedAws) -> None:
    """Politely first; its workers are in the same process group."""
    for kind in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(known.pid, kind)
        deadline = time.monotonic() + _STOPS_WITHIN_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(known.pid, os.WNOHANG)
            if not known.is_alive():
                return
            time.sleep(0.1)
    raise EmbeddedAwsError(f"Process {known.pid} does not end.")


def _free_port(wanted: int | None) -> int:
    """The wanted port, or the default one, or, if that is taken, any free one."""
    if _is_free(wanted or DEFAULT_PORT):
        return wanted or DEFAULT_PORT
    if wanted:
        raise EmbeddedAwsError(f"Port {wanted} is taken. Choose another one, or none.")
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return any_port.getsockname()[1]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _end_of_log(lines: int = 15) -> str:
    with contextlib.suppress(OSError):
        return "\n".join(LOG.read_text(errors="replace").splitlines()[-lines:])
    return ""
