"""Builds the content of the layers without Docker: the same input gives the same bytes."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
EMBEDDED_PYTHON = ROOT / ".recovery" / "embedded-venv" / "bin" / "python"
RUNTIME_PYTHON = "3.13"
_BUILDS = ROOT / ".recovery" / "layers"
_OWN_CODE = ROOT / "layers" / "recovery" / "python"
# What the Lambda runtime has already: boto3 and what boto3 needs.
_IN_THE_RUNTIME = {
    "boto3",
    "botocore",
    "jmespath",
    "python-dateutil",
    "s3transfer",
    "six",
    "urllib3",
}
_BARE_LINES = ("--quiet", "--no-emit-project", "--no-hashes", "--no-header", "--no-annotate")
_NOT_SHIPPED = shutil.ignore_patterns("__pycache__", "*.pyc")
_NEVER_IMPORTED = ("bin", "**/tests", "**/__pycache__", "**/*.dist-info/RECORD", ".lock")


class LayerBuildError(RuntimeError):
    """A layer could not be built; the text says what failed and what to do."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a layer will be imported."""

    install_options: tuple[str, ...]
    interpreter: Path | None  # compiles the byte code; none at hand: sources only

    @classmethod
    def lambda_arm64(cls) -> Target:
        """Lambda's Python on arm64."""
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
    def embedded(cls) -> Target:
        """The Python that runs the embedded AWS, on this machine."""
        python = EMBEDDED_PYTHON if EMBEDDED_PYTHON.exists() else Path(sys.executable)
        return cls(install_options=(f"--python={python}",), interpreter=python)

    @property
    def fingerprint(self) -> str:
        """Changes when the same input would give other bytes."""
        version = _run([str(self.interpreter), "-VV"]) if self.interpreter else "sources only"
        return f"{self.install_options}\n{version}"


def uv() -> str:
    """The uv that runs us, or the one on the path."""
    found = os.environ.get("UV") or shutil.which("uv")
    if not found:
        raise LayerBuildError("uv is not found. Install it: https://docs.astral.sh/uv/")
    return found


def build_dependencies(target: Target, *, builds: Path = _BUILDS) -> Path:
    """The folder of the dependency layer, exactly as the lock file pins it."""
    exported = _run(
        [uv(), "export", f"--project={ROOT}", "--frozen", "--only-group=functions", *_BARE_LINES]
    )
    pinned = [line for line in exported.splitlines() if _name(line) not in _IN_THE_RUNTIME]

    def install(python: Path) -> None:
        requirements = python.parent / "requirements.txt"
        requirements.write_text("\n".join(pinned) + "\n")
        _run(
            [
                *(uv(), "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:"),
                *target.install_options,
                f"--target={python}",
                f"--requirement={requirements}",
            ]
        )
        for pattern in _NEVER_IMPORTED:
            for path in [*python.glob(pattern)]:
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    return _built("dependencies", "\n".join(pinned), install, target, builds)


def build_recovery(target: Target, *, builds: Path = _BUILDS) -> Path:
    """The folder of the layer with our own package and its data."""
    files = (p for p in sorted(_OWN_CODE.rglob("*")) if p.is_file() and p.suffix != ".pyc")
    content = "".join(
        f"{path.relative_to(_OWN_CODE)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n"
        for path in files
    )

    def copy(python: Path) -> None:
        shutil.copytree(_OWN_CODE, python, ignore=_NOT_SHIPPED, dirs_exist_ok=True)

    return _built("recovery", content, copy, target, builds)


def _built(
    name: str, content: str, fill: Callable[[Path], None], target: Target, builds: Path
) -> Path:
    """The finished folder of this content, built only if it is not there yet."""
    recipe = Path(__file__).read_text()
    digest = hashlib.sha256("\0".join([content, target.fingerprint, recipe]).encode())
    finished = builds / f"{name}-{digest.hexdigest()[:16]}"
    if finished.exists():
        return finished
    builds.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=builds, prefix=f".{name}-") as scratch:
        python = Path(scratch, "layer", "python")
        python.mkdir(parents=True)
        fill(python)
        if target.interpreter:
            _compile(python, target.interpreter)
        try:
            python.parent.rename(finished)
        except OSError:  # another build of the same was faster
            if not finished.exists():
                raise
    return finished


def _compile(python: Path, interpreter: Path) -> None:
    """Byte code beside every source; Lambda's /opt is read-only, so it can't be made there."""
    _run(
        [
            *(str(interpreter), "-m", "compileall", "-q", "--invalidation-mode=unchecked-hash"),
            *("-s", str(python), "-p", "/opt/python", str(python)),
        ],
        environment=os.environ | {"PYTHONHASHSEED": "0"},
    )


def _name(requirement: str) -> str:
    return requirement.partition("==")[0].strip()


def _run(command: list[str], environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, cwd=ROOT
    )
    if done.returncode != 0:
        raise LayerBuildError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout
