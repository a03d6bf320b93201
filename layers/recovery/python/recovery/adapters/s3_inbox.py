"""A portfolio delivery in S3: files beside a manifest, and beside them what came of it.

``imports/<delivery>/manifest.json`` is written last and names the files: ``{"institution_id": "",
"files": {"loans": "loans.csv", ...}}``. The answer is ``result.json`` and ``rejected.csv``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from recovery.adapters import aws
from recovery.documents.portfolio_files import StagedPortfolio, write_rejections
from recovery.documents.portfolio_rows import MODELS, Kind
from recovery.use_cases.import_portfolio import Imported


class ManifestError(ValueError):
    """The manifest of a delivery cannot be used."""


class S3Inbox:
    """One delivery, by the key of its manifest."""

    def __init__(self, bucket: str, manifest_key: str) -> None:
        self._bucket = bucket
        self._prefix = manifest_key.rpartition("/")[0]
        body = aws.client("s3").get_object(Bucket=bucket, Key=manifest_key)["Body"].read()
        self.institution_id, self._files = _read_manifest(body)

    @contextmanager
    def open(self, folder: Path) -> Iterator[Mapping[Kind, BinaryIO]]:
        """The files of the delivery, on disk while they are read."""
        with ExitStack() as stack:
            opened: dict[Kind, BinaryIO] = {}
            for kind, name in self._files.items():
                path = folder / f"{kind}.rows"
                with path.open("wb") as copy:
                    body = aws.client("s3").get_object(
                        Bucket=self._bucket, Key=f"{self._prefix}/{name}"
                    )["Body"]
                    for chunk in body.iter_chunks(1 << 20):
                        copy.write(chunk)
                opened[kind] = stack.enter_context(path.open("rb"))
            yield opened

    def put_result(
        self, staged: StagedPortfolio, imported: Imported, folder: Path
    ) -> dict[str, Any]:
        """Write ``rejected.csv``, then ``result.json``; the latter's content."""
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
        s3.put_object(
            Bucket=self._bucket,
            Key=f"{self._prefix}/result.json",
            Body=json.dumps(result).encode(),
            ContentType="application/json",
        )
        return result


def _read_manifest(body: bytes) -> tuple[str, dict[Kind, str]]:
    try:
        manifest = json.loads(body)
        institution_id, files = manifest["institution_id"], dict(manifest["files"])
    except (ValueError, KeyError, TypeError) as error:
        raise ManifestError('a manifest is {"institution_id": "...", "files": {...}}') from error
    if not files or not files.keys() <= MODELS.keys():
        raise ManifestError(f"files may be {', '.join(MODELS)}, and at least one is needed")
    if any(not isinstance(name, str) or "/" in name for name in files.values()):
        raise ManifestError("the files lie beside the manifest: names without a slash")
    return institution_id, files
