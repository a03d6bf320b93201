"""The target of a command: a deployment on the embedded AWS or in a real account."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from infra.deployment.deploy import environment_for, outputs
from infra.embedded import aws as embedded_aws


class TargetError(RuntimeError):
    """The command cannot be carried out; the text says why and what to do."""


@dataclass(frozen=True)
class Target:
    """A deployment and how to reach it. Create only one per process: it sets AWS variables."""

    embedded: embedded_aws.EmbeddedAws | None
    outputs: Mapping[str, str]

    def __post_init__(self) -> None:
        os.environ.update(environment_for(self.embedded))

    @cached_property
    def wiring(self):
        """The ports the functions use, wired to this deployment."""
        from recovery.adapters.dynamodb.items import bind
        from recovery.settings import Settings
        from recovery.wiring import Wiring

        institutions = json.loads(self.outputs["Institutions"])
        bind(self.outputs["TableName"])
        return Wiring(
            Settings(
                table=self.outputs["TableName"],
                shards=int(self.outputs["Shards"]),
                institutions={each["institution_id"]: each for each in institutions},
            )
        )

    @cached_property
    def default_institution(self) -> str:
        """The first institution in the deployment."""
        return next(iter(self.wiring.settings.institutions))

    def institution(self, wanted: str | None) -> str:
        """Return ``wanted``, or the first institution. Raises TargetError if it is not deployed."""
        known = self.wiring.settings.institutions
        if wanted and wanted not in known:
            raise TargetError(f"There is no institution {wanted}. Deployed: {', '.join(known)}.")
        return wanted or self.default_institution

    def client(self, service: str):
        """Return a boto3 client for this target."""
        import boto3

        return boto3.client(service)

    def call_api(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, sign: bool = True
    ) -> tuple[int, dict[str, Any]]:
        """Call the payments API, signed with the caller's credentials; return status and body."""
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest

        text = json.dumps(body) if body is not None else None
        request = AWSRequest(
            method, self._api_url(path), data=text, headers={"Content-Type": "application/json"}
        )
        if sign:
            credentials, region = self._credentials
            SigV4Auth(credentials, "execute-api", region).add_auth(request)
        response = self._http.send(request.prepare())
        return response.status_code, json.loads(response.text or "{}")

    @cached_property
    def _credentials(self):
        import boto3

        session = boto3.Session()
        credentials = session.get_credentials()
        if credentials is None:
            raise TargetError("No AWS credentials found. Run `aws configure` or set AWS_PROFILE.")
        return credentials.get_frozen_credentials(), session.region_name

    @cached_property
    def _http(self):
        from botocore.httpsession import URLLib3Session

        return URLLib3Session(max_pool_connections=16)

    def _api_url(self, path: str) -> str:
        url = self.outputs["ApiUrl"]
        if self.embedded:
            stage = urlsplit(url).path.strip("/") or self.outputs["ApiStage"]
            url = f"{self.embedded.url}/_aws/execute-api/{self.outputs['ApiId']}/{stage}/"
        return url + path.lstrip("/")


def find_target(*, real: bool = False) -> Target:
    """Find the running embedded AWS, or with ``real`` the current credentials' account."""
    embedded = None if real else embedded_aws.running()
    if embedded is None and not real:
        raise TargetError(
            "No embedded AWS is running. Start one with `recovery up` and `recovery deploy`, or"
            " `recovery demo --keep`. To use your AWS account, add --aws."
        )
    return Target(embedded, outputs(embedded=not real))


DELIVERY_NAMES = ("borrowers", "loans", "instalments", "payments")


def delivery_files(folder: Path) -> dict[str, Path]:
    """Return a folder's portfolio files by kind (CSV or JSON Lines). Raises TargetError if none."""
    found = {}
    for kind in DELIVERY_NAMES:
        for suffix in (".csv", ".jsonl"):
            path = folder / f"{kind}{suffix}"
            if path.is_file():
                found[kind] = path
    if not found:
        names = ", ".join(f"{kind}.csv" for kind in DELIVERY_NAMES)
        raise TargetError(f"{folder} has none of {names} (or .jsonl).")
    return found
