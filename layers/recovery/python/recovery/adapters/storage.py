"""Read a portfolio delivery from S3 and write its result back.

``imports/<institution>/<delivery>/manifest.json`` is written last and names the files beside it:
``{"institution_id": "", "files": {"loans": "loans.csv", ...}}``. The folder says whose delivery it
is: who may write there may deliver for that institution only. The result is ``result.json`` and
``rejected.csv``; for an invalid manifest only ``result.json``, whose ``error`` names the field.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from botocore.exceptions import ClientError

from recovery.adapters import aws
from recovery.documents.intake.files import StagedPortfolio, write_rejections
from recovery.documents.intake.imported import ImportResult
from recovery.documents.intake.rows import MODELS, Kind
from recovery.documents.shared.fields import is_institution_id
from recovery.documents.shared.json_text import UnreadableJsonError, read_json
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.ports.institutions import InstitutionNotFoundError, InstitutionRepository

_LONGEST_MANIFEST = 64 * 1024  # bytes
_ABSENT = (
    "NoSuchKey",
    "AccessDenied",
)  # the latter without list permission
_FILE_NAME = re.compile(r"(?!\.)[\w. -]{1,200}")


class ManifestError(RefusedError):
    """The manifest is invalid."""

    def __init__(self, field: str, reason: str, remedy: str) -> None:
        super().__init__(Problem(field, reason, remedy))


class S3Inbox:
    """One delivery. Raises ManifestError, after writing it to the bucket."""

    def __init__(self, bucket: str, manifest_key: str) -> None:
        self._bucket = bucket
        self._prefix = manifest_key.rpartition("/")[0]
        body = aws.client("s3").get_object(Bucket=bucket, Key=manifest_key)["Body"]
        with self._reporting_refusal():
            self.institution_id = _institution_of(manifest_key)
            self._files = _read_manifest(body.read(_LONGEST_MANIFEST + 1), self.institution_id)

    def check_institution(self, institutions: InstitutionRepository) -> None:
        """Raise ManifestError for an institution that is not on record."""
        with self._reporting_refusal():
            try:
                institutions.find(self.institution_id)
            except InstitutionNotFoundError as error:
                remedy = "Deliver to the folder of an institution on record"
                raise ManifestError("institution_id", str(error), remedy) from None

    @contextmanager
    def open(self, folder: Path) -> Iterator[Mapping[Kind, BinaryIO]]:
        """Download the delivery's files to ``folder`` and open them."""
        with ExitStack() as stack:
            opened: dict[Kind, BinaryIO] = {}
            for kind, name in self._files.items():
                path = folder / f"{kind}.rows"
                with path.open("wb") as copy:
                    for chunk in self._body(kind, name).iter_chunks(1 << 20):
                        copy.write(chunk)
                opened[kind] = stack.enter_context(path.open("rb"))
            yield opened

    def put_result(
        self, staged: StagedPortfolio, imported: ImportResult, folder: Path
    ) -> dict[str, Any]:
        """Write ``rejected.csv``, then ``result.json``; return the latter's content."""
        path = folder / "rejected.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            write_rejections(chain(staged.rejections(), imported.rejections), stream)
        s3 = aws.client("s3")
        with path.open("rb") as stream:
            s3.put_object(
                Bucket=self._bucket,
                Key=f"{self._prefix}/rejected.csv",
                Body=stream,
                ContentType="text/csv",
            )
        result = {
            **{k: v for k, v in asdict(imported).items() if k != "rejections"},
            "rejections": staged.counts().rejections + len(imported.rejections),
        }
        self._put_json(result)
        return result

    def _body(self, kind: Kind, name: str) -> Any:
        key = f"{self._prefix}/{name}"
        with self._reporting_refusal():
            try:
                return aws.client("s3").get_object(Bucket=self._bucket, Key=key)["Body"]
            except ClientError as error:
                if error.response["Error"]["Code"] not in _ABSENT:
                    raise
                remedy = "Upload the files beside the manifest, and the manifest last"
                raise ManifestError(f"files.{kind}", "is missing", remedy) from None

    @contextmanager
    def _reporting_refusal(self) -> Iterator[None]:
        try:
            yield
        except ManifestError as error:
            self._put_json({"error": asdict(error.problems[0])})
            raise

    def _put_json(self, result: Mapping[str, Any]) -> None:
        aws.client("s3").put_object(
            Bucket=self._bucket,
            Key=f"{self._prefix}/result.json",
            Body=json.dumps(result).encode(),
            ContentType="application/json",
        )


def _institution_of(manifest_key: str) -> str:
    """Return the institution whose folder the manifest is in."""
    folders = manifest_key.split("/")
    if len(folders) != 4 or not is_institution_id(folders[1]):
        reason = f"{manifest_key} is not in an institution's folder"
        remedy = "Write it to imports/<institution_id>/<any name>/manifest.json"
        raise ManifestError("manifest", reason, remedy)
    return folders[1]


def _read_manifest(body: bytes, institution_id: str) -> dict[Kind, str]:
    remedy = 'Write {"institution_id": "...", "files": {"loans": "loans.csv"}}'
    if len(body) > _LONGEST_MANIFEST:
        raise ManifestError("manifest", f"is longer than {_LONGEST_MANIFEST} bytes", remedy)
    try:
        manifest = read_json(body)
    except UnreadableJsonError as error:
        raise ManifestError("manifest", str(error), remedy) from None
    if not isinstance(manifest, dict):
        raise ManifestError("manifest", "is not a JSON object", remedy)
    if manifest.get("institution_id") != institution_id:
        reason = f"is not {institution_id}, whose folder the manifest is in"
        raise ManifestError("institution_id", reason, "Deliver to the institution's own folder")
    files = manifest.get("files")
    if not isinstance(files, dict) or not files or not files.keys() <= MODELS.keys():
        reason = f"needs at least one of {', '.join(MODELS)}, and nothing else"
        raise ManifestError("files", reason, remedy)
    for kind, name in files.items():
        if not isinstance(name, str) or not _FILE_NAME.fullmatch(name):
            remedy = "Name a file beside the manifest: letters, digits, dots, spaces, _ and -"
            raise ManifestError(f"files.{kind}", "is not a valid file name", remedy)
    return files
