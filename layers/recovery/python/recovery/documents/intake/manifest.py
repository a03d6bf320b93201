"""A delivery's manifest: whose it is, which files it has, and how they are written.

``{"institution_id": "", "files": {"loans": "loans.csv", ...}}``, with optional ``dialect`` (see
``Dialect``), ``source`` (which of several systems the files come from), ``as_of`` (the business
date that they show: an older state never replaces a newer one of the same source),
``schedule_from_on`` (from when changed schedules are owed, if not from that date on) and ``full``
(every loan of these portfolios is in the files).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, StrictBool

from recovery.documents.intake.dialect import PLAIN, Dialect, read_dialect
from recovery.documents.intake.rows import MODELS, Kind
from recovery.documents.shared.fields import Day, Identifier
from recovery.documents.shared.json_text import UnreadableJsonError, read_json
from recovery.documents.shared.problems import InvalidDocumentError, validated
from recovery.domain.shared.errors import Problem, RefusedError

LONGEST_MANIFEST = 64 * 1024  # bytes
_FILE_NAME = re.compile(r"(?!\.)[\w. -]{1,200}")
_EXAMPLE = 'Write {"institution_id": "...", "files": {"loans": "loans.csv"}}'
_KNOWN = "institution_id, files, dialect, source, as_of, schedule_from_on and full"
_REMEDIES = {
    "extra_forbidden": f"Leave it out, or correct its name: a manifest has {_KNOWN}",
    "full": "Write true if every loan is in the files, or leave it out",
}


class ManifestError(RefusedError):
    """The manifest is invalid."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A valid manifest; file names by kind, beside it."""

    files: Mapping[Kind, str]
    dialect: Dialect = PLAIN
    source: str = "core"
    as_of: date | None = None
    schedule_from_on: date | None = None
    full: bool = False


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid")

    institution_id: Any = None
    files: Any = None
    dialect: Any = None
    source: Identifier = "core"
    as_of: Day | None = None
    schedule_from_on: Day | None = None
    full: StrictBool = False


def read_manifest(body: str | bytes, institution_id: str) -> Manifest:
    """Read the manifest in this institution's folder. Raises ManifestError."""
    if len(body) > LONGEST_MANIFEST:
        raise _refusal("manifest", f"is longer than {LONGEST_MANIFEST} bytes", _EXAMPLE)
    try:
        values = read_json(body)
    except UnreadableJsonError as error:
        raise _refusal("manifest", str(error), _EXAMPLE) from None
    if not isinstance(values, dict):
        raise _refusal("manifest", "is not a JSON object", _EXAMPLE)
    if values.get("institution_id") != institution_id:
        reason = f"is not {institution_id}, whose folder the manifest is in"
        raise _refusal("institution_id", reason, "Deliver to the institution's own folder")
    files = _files(values.get("files"))
    try:
        declared = validated(_Declared, values, whole="manifest", remedies=_REMEDIES)
        dialect = PLAIN if declared.dialect is None else read_dialect(declared.dialect)
    except InvalidDocumentError as error:
        raise ManifestError(*error.problems) from None
    if declared.full and "loans" not in files:
        raise _refusal("full", "is declared without a file of loans", "Add it, or leave full out")
    return Manifest(
        files=files,
        dialect=dialect,
        source=declared.source,
        as_of=declared.as_of,
        schedule_from_on=declared.schedule_from_on,
        full=declared.full,
    )


def _files(files: Any) -> Mapping[Kind, str]:
    if not isinstance(files, dict) or not files or not files.keys() <= MODELS.keys():
        reason = f"needs at least one of {', '.join(MODELS)}, and nothing else"
        raise _refusal("files", reason, _EXAMPLE)
    for kind, name in files.items():
        if not isinstance(name, str) or not _FILE_NAME.fullmatch(name):
            remedy = "Name a file beside the manifest: letters, digits, dots, spaces, _ and -"
            raise _refusal(f"files.{kind}", "is not a valid file name", remedy)
    return files


def _refusal(field: str, reason: str, remedy: str) -> ManifestError:
    return ManifestError(Problem(field, reason, remedy))
