"""AWS on this machine, without Docker: MiniStack as a separate process, with IAM enforced."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass

from infra.embedded.process import any_free_port, end, is_alive, is_free, launch
from infra.layers.platform import EMBEDDED_PYTHON, ROOT, uv

HOME = ROOT / ".recovery"
LOG = HOME / "embedded.log"
OUTPUTS = HOME / "outputs.json"
DEFAULT_PORT = 4566
# Its own packages, and those the functions import (see infra/layers/construct.py).
_GROUPS = ("embedded", "functions", "documents", "pdf")
_PACKAGES = [f"--only-group={each}" for each in _GROUPS]
ACCOUNT = "000000000000"
REGION = "us-east-1"
_RECORD = HOME / "embedded.json"
_STATE = HOME / "embedded"
_STARTS_WITHIN_SECONDS = 60

Progress = Callable[[str], None]


class EmbeddedAwsError(RuntimeError):
    """The embedded AWS failed; the text says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class EmbeddedAws:
    """A running embedded AWS."""

    pid: int
    port: int

    @property
    def url(self) -> str:
        """The endpoint of every service."""
        return f"http://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        """Whether it is ready to serve."""
        try:
            with urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False


def running() -> EmbeddedAws | None:
    """Return the embedded AWS that `start` left running, if it still is."""
    known = _recorded()
    return known if known and is_alive(known.pid) and known.answers() else None


def start(*, port: int | None = None, progress: Progress = lambda line: None) -> EmbeddedAws:
    """Start the embedded AWS, or return the one already running unless ``port`` differs."""
    if (known := running()) and port in (None, known.port):
        return known
    if known:
        raise EmbeddedAwsError(
            f"The embedded AWS already runs on port {known.port}. Stop it with `recovery down`."
        )
    stop()  # clean up after one that no longer answers
    chosen = _port(port)
    prepare(progress=progress)
    progress(f"Starting the embedded AWS on port {chosen}")
    started = EmbeddedAws(pid=_launch(chosen), port=chosen)
    _RECORD.write_text(json.dumps(asdict(started)))
    _wait_until_it_answers(started)
    return started


def stop() -> bool:
    """Stop the embedded AWS and delete its data; return whether it was running."""
    known = _recorded()
    was_alive = known is not None and is_alive(known.pid)
    if known and was_alive and not end(known.pid):
        raise EmbeddedAwsError(f"Process {known.pid} does not stop. Kill it by hand.")
    for leftover in (_RECORD, OUTPUTS):
        leftover.unlink(missing_ok=True)
    shutil.rmtree(_STATE, ignore_errors=True)
    return was_alive


def prepare(*, progress: Progress = lambda line: None) -> None:
    """Install its environment exactly as the lock file pins it; fast when up to date."""
    progress("Preparing the embedded AWS")
    synced = subprocess.run(
        [
            uv(),
            "sync",
            "--frozen",
            *(f"--only-group={each}" for each in _GROUPS),
            "--no-install-project",
        ],
        cwd=ROOT,
        env=os.environ | {"UV_PROJECT_ENVIRONMENT": str(EMBEDDED_PYTHON.parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    if synced.returncode != 0:
        raise EmbeddedAwsError(f"Could not install the embedded AWS:\n{synced.stderr}")


def _recorded() -> EmbeddedAws | None:
    try:
        return EmbeddedAws(**json.loads(_RECORD.read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _port(wanted: int | None) -> int:
    """Return the wanted port; by default the usual one, or any free one if that is taken."""
    if is_free(wanted or DEFAULT_PORT):
        return wanted or DEFAULT_PORT
    if wanted:
        raise EmbeddedAwsError(f"Port {wanted} is taken. Choose another, or leave --port out.")
    return any_free_port()


def _launch(port: int) -> int:
    folders = {name: _STATE / name.lower() for name in ("TMPDIR", "STATE_DIR", "S3_DATA_DIR")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "AUTH": "true",
        "SFN_WAIT_SCALE": "0.1",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "IOT_MTLS_ENABLED": "false",  # it would need a second port
        **{name: str(folder) for name, folder in folders.items()},
    }
    command = [str(EMBEDDED_PYTHON), "-m", "ministack"]
    return launch(command, settings=settings, folder=HOME, log=LOG)


def _wait_until_it_answers(started: EmbeddedAws) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN_SECONDS
    while not started.answers():
        alive = is_alive(started.pid)
        if not alive or time.monotonic() > deadline:
            what = f"did not answer in {_STARTS_WITHIN_SECONDS} s" if alive else "exited at once"
            stop()
            raise EmbeddedAwsError(
                f"The embedded AWS {what}. Its log says why: {LOG}\n{_end_of_log()}"
            )
        time.sleep(0.1)


def _end_of_log(lines: int = 15) -> str:
    if not LOG.exists():
        return ""
    return "\n".join(LOG.read_text(errors="replace").splitlines()[-lines:])
