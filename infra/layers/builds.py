"""Builds the layers reproducibly and without Docker."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from infra.layers.platform import ROOT, Platform, run, uv
from recovery.messages import LANGUAGES

_BUILDS = ROOT / ".recovery" / "layers"
_OWN_CODE = ROOT / "layers" / "recovery" / "python"
# Already in the Lambda runtime: boto3 and its dependencies.
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
_KEPT_BUILDS = 8
_NOT_SHIPPED = shutil.ignore_patterns("__pycache__", "*.pyc")
_NEVER_IMPORTED = ("bin", "**/tests", "**/__pycache__", "**/*.dist-info/RECORD", ".lock")
_UNUSED_UTILITIES = (
    *("auth_alpha", "circuit_breaker", "data_masking", "feature_flags"),
    *("idempotency", "kafka", "parser", "streaming"),
)
# Powertools beyond logs, metrics and API routes; Babel locales we send no messages in.
_UNUSED = (
    *(f"aws_lambda_powertools/utilities/{each}" for each in _UNUSED_UTILITIES),
    "aws_lambda_powertools/event_handler/openapi/swagger_ui",
    "babel/locale-data/*",
)
_USED = ("babel/locale-data/root.dat", *(f"babel/locale-data/{k}*.dat" for k in LANGUAGES))


def build_dependencies(group: str, platform: Platform, *, builds: Path = _BUILDS) -> Path:
    """Return the layer folder of this dependency group, exactly as the lock file pins it."""
    exported = run(
        [uv(), "export", f"--project={ROOT}", "--frozen", f"--only-group={group}", *_BARE_LINES]
    )
    pinned = [line for line in exported.splitlines() if _name(line) not in _IN_THE_RUNTIME]

    def install(python: Path) -> None:
        requirements = python.parent / "requirements.txt"
        requirements.write_text("\n".join(pinned) + "\n")
        run(
            [
                *(uv(), "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:"),
                *platform.install_options,
                f"--target={python}",
                f"--requirement={requirements}",
            ]
        )
        used = {path for pattern in _USED for path in python.glob(pattern)}
        for pattern in _NEVER_IMPORTED + _UNUSED:
            for path in {*python.glob(pattern)} - used:
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    return _built(group, "\n".join(pinned), install, platform, builds)


def build_recovery(platform: Platform, *, builds: Path = _BUILDS) -> Path:
    """Return the layer folder with our own package and its data."""
    files = (p for p in sorted(_OWN_CODE.rglob("*")) if p.is_file() and p.suffix != ".pyc")
    content = "".join(
        f"{path.relative_to(_OWN_CODE)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n"
        for path in files
    )

    def copy(python: Path) -> None:
        shutil.copytree(_OWN_CODE, python, ignore=_NOT_SHIPPED, dirs_exist_ok=True)

    return _built("recovery", content, copy, platform, builds)


def _built(
    name: str, content: str, fill: Callable[[Path], None], platform: Platform, builds: Path
) -> Path:
    """Return the finished folder for this content, building it only if missing."""
    recipe = Path(__file__).read_text()
    digest = hashlib.sha256("\0".join([content, platform.fingerprint, recipe]).encode())
    finished = builds / f"{name}-{digest.hexdigest()[:16]}"
    if finished.exists():
        return finished
    builds.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=builds, prefix=f".{name}-") as scratch:
        python = Path(scratch, "layer", "python")
        python.mkdir(parents=True)
        fill(python)
        if platform.interpreter:
            _compile(python, platform.interpreter)
        try:
            python.parent.rename(finished)
        except OSError:  # a concurrent build of the same content won
            if not finished.exists():
                raise
    by_age = sorted(builds.glob(f"{name}-*"), key=lambda path: path.stat().st_mtime)
    for old in by_age[:-_KEPT_BUILDS]:
        shutil.rmtree(old, ignore_errors=True)
    return finished


def _compile(python: Path, interpreter: Path) -> None:
    """Compile byte code beside the sources; Lambda's /opt is read-only, so it can't be later."""
    run(
        [
            *(str(interpreter), "-m", "compileall", "-q", "--invalidation-mode=unchecked-hash"),
            *("-s", str(python), "-p", "/opt/python", str(python)),
        ],
        environment=os.environ | {"PYTHONHASHSEED": "0"},
    )


def _name(requirement: str) -> str:
    return requirement.partition("==")[0].strip()
