"""A folder with the files of a portfolio, and the manifest to send them with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.deployment.target import TargetError
from recovery.documents.intake.manifest import Manifest, read_manifest
from recovery.documents.intake.rows import MODELS
from recovery.documents.shared.json_text import UnreadableJsonError, read_json
from recovery.domain.shared.errors import RefusedError


@dataclass(frozen=True, slots=True)
class DeliveryFolder:
    """The files by kind, the manifest, and its text."""

    files: dict[str, Path]
    manifest: Manifest
    text: str


def read_folder(folder: Path, institution_id: str | None = None) -> DeliveryFolder:
    """Find the folder's files, and complete its ``manifest.json`` if it has one.

    The manifest may say how the files are written and what they are called; without its ``files``,
    they are ``loans.csv`` or ``loans.jsonl`` and so on. ``institution_id`` is whose delivery it has
    to be, if it is for one. Raises TargetError.
    """
    declared = _declared(folder / "manifest.json")
    institution_id = institution_id or declared.get("institution_id", "any")
    if "files" not in declared:
        found = delivery_files(folder)
        declared = {**declared, "files": {kind: path.name for kind, path in found.items()}}
    text = json.dumps({"institution_id": institution_id} | declared)
    try:
        manifest = read_manifest(text, institution_id)
    except RefusedError as error:
        lines = [f"{folder / 'manifest.json'} cannot be used:"]
        lines += (f"- {problem}." for problem in error.problems)
        raise TargetError("\n".join(lines)) from None
    files = {kind: folder / name for kind, name in manifest.files.items()}
    for path in files.values():
        if not path.is_file():
            raise TargetError(f"{path} is missing, but the manifest names it.")
    return DeliveryFolder(files, manifest, text)


def delivery_files(folder: Path) -> dict[str, Path]:
    """Return a folder's portfolio files by kind (CSV or JSON Lines). Raises TargetError if none."""
    found = {}
    for kind in MODELS:
        for suffix in (".csv", ".jsonl"):
            path = folder / f"{kind}{suffix}"
            if path.is_file():
                found[kind] = path
    if not found:
        names = ", ".join(f"{kind}.csv" for kind in MODELS)
        raise TargetError(f"{folder} has none of {names} (or .jsonl).")
    return found


def _declared(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        declared = read_json(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except UnreadableJsonError as error:
        raise TargetError(f"{path}: {error}.") from None
    if not isinstance(declared, dict):
        raise TargetError(f"{path} is not a JSON object.")
    return declared
