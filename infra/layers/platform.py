"""The platform a layer is built for: Lambda, or the embedded AWS on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
EMBEDDED_PYTHON = ROOT / ".recovery" / "embedded-venv" / "bin" / "python"
RUNTIME_PYTHON = "3.13"


class LayerBuildError(RuntimeError):
    """A layer could not be built; the text says what failed and what to do."""


@dataclass(frozen=True, kw_only=True)
class Platform:
    """The platform a layer is built for."""

    install_options: tuple[str, ...]
    interpreter: Path | None  # compiles the byte code; None ships sources only

    @classmethod
    def lambda_arm64(cls) -> Platform:
        """Return the platform of Lambda's Python on arm64."""
        found = subprocess.run(
            [uv(), "python", "find", "--no-project", "--no-python-downloads", RUNTIME_PYTHON],
            capture_output=True,
            text=True,
            check=False,
        )
        return cls(
            install_options=(
                "--python-platform=aarch64-manylinux2014",
                f"--python-version={RUNTIME_PYTHON}",
            ),
            interpreter=Path(found.stdout.strip()) if found.returncode == 0 else None,
        )

    @classmethod
    def embedded(cls) -> Platform:
        """Return the platform of the Python that runs the embedded AWS."""
        python = EMBEDDED_PYTHON if EMBEDDED_PYTHON.exists() else Path(sys.executable)
        return cls(install_options=(f"--python={python}",), interpreter=python)

    @property
    def fingerprint(self) -> str:
        """A text that changes whenever the same input would build different bytes."""
        version = run([str(self.interpreter), "-VV"]) if self.interpreter else "sources only"
        return f"{self.install_options}\n{version}"


def uv() -> str:
    """Return the uv that runs this process, or the one on the path."""
    found = os.environ.get("UV") or shutil.which("uv")
    if not found:
        raise LayerBuildError("uv is not found. Install it: https://docs.astral.sh/uv/")
    return found


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, cwd=ROOT
    )
    if done.returncode != 0:
        raise LayerBuildError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout
