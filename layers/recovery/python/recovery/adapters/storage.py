"""Read a portfolio delivery from S3 and write its result back.

``imports/<institution>/<delivery>/manifest.json`` is written last and names the files beside it
(``documents/intake/manifest.py``). The folder says whose delivery it is: who may write there may
deliver for that institution only. The result is ``result.json`` and ``rejected.csv``; for an
invalid manifest only ``result.json``, whose ``error`` names the field.
"""

from __future__ import annotations

import json
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
from recovery.documents.intake.manifest import LONGEST_MANIFEST, ManifestError, read_manifest
from recovery.documents.intake.rows import Kind
from recovery.documents.shared.fields import is_institution_id
from recovery.domain.shared.errors import Problem
from recovery.ports.institutions import InstitutionNotFoundError, InstitutionRepository

_ABSENT = (
    "NoSuchKey",
    "AccessDenied",
)  # the latter without list permission


class S3Inbox:
    """One delivery. Raises ManifestError, after writing it to the bucket."""

    def __init__(self, bucket: str, manifest_key: str) -> None:
        self._bucket = bucket
        self._prefix = manifest_key.rpartition("/")[0]
        body = aws.client("s3").get_object(Bucket=bucket, Key=manifest_key)["Body"]
        with self._reporting_refusal():
            self.institution_id = _institution_of(manifest_key)
            self.delivery_id = self._prefix.rpartition("/")[2]
            self.manifest = read_manifest(body.read(LONGEST_MANIFEST + 1), self.institution_id)

    def check_institution(self, institutions: InstitutionRepository) -> None:
        """Raise ManifestError for an institution that is not on record."""
        with self._reporting_refusal():
            try:
                institutions.find(self.institution_id)
            except InstitutionNotFoundError as error:
                remedy = "Deliver to the folder of an institution on record"
                problem = Problem("institution_id", str(error), remedy)
                raise ManifestError(problem) from None

    @contextmanager
    def open(self, folder: Path) -> Iterator[Mapping[Kind, BinaryIO]]:
        """Download the delivery's files to ``folder`` and open them."""
        with ExitStack() as stack:
            opened: dict[Kind, BinaryIO] = {}
            for kind, name in self.manifest.files.items():
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
                raise ManifestError(Problem(f"files.{kind}", "is missing", remedy)) from None

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
        raise ManifestError(Problem("manifest", reason, remedy))
    return folders[1]
