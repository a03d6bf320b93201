"""The target of a command: a deployment on the embedded AWS or in a real account."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
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

    def of(self, institution_id: str):
        """The ports of one institution."""
        return self.wiring.of(institution_id)

    @cached_property
    def wiring(self):
        """The ports the functions use, wired to this deployment."""
        from recovery.adapters.dynamodb.items import bind
        from recovery.settings import Settings
        from recovery.wiring import Wiring

        bind(self.outputs["TableName"])
        return Wiring(
            Settings(
                table=self.outputs["TableName"],
                shards=int(self.outputs["Shards"]),
                event_bus_name=self.outputs.get("EventBusName", ""),
                note_key_arn=self.outputs.get("NoteKeyArn", ""),
                evidence_bucket=self.outputs.get("EvidenceBucketName", ""),
                root_bucket=self.outputs.get("RootBucketName", ""),
                package_bucket=self.outputs.get("PackageBucketName", ""),
                letter_bucket=self.outputs.get("LetterBucketName", ""),
                dossier_bucket=self.outputs.get("DossierBucketName", ""),
                replay_allowed=self.embedded is not None,
            )
        )

    def institution(self, wanted: str | None = None) -> str:
        """Return ``wanted``, or the only institution on record.

        Raises TargetError if it is not on record, or if there are several to choose from.
        """
        known = self.wiring.institutions.list_ids()
        listed = ", ".join(known) or "none; add one with `recovery institution add`"
        if wanted and wanted not in known:
            raise TargetError(f"There is no institution {wanted}. On record: {listed}.")
        if not wanted and len(known) != 1:
            raise TargetError(f"Name the institution with --institution. On record: {listed}.")
        return wanted or known[0]

    def client(self, service: str):
        """Return a boto3 client for this target."""
        import boto3

        return boto3.client(service)

    def call_api(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        of: str | None = None,
        sign: bool = True,
    ) -> tuple[int, dict[str, Any]]:
        """Call the payments API, signed with the caller's credentials; return status and body.

        ``of`` is the institution whose path this is.
        """
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest

        path = f"/institutions/{of}{path}" if of else path
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

    @property
    def api_url(self) -> str:
        """Where the API is, with a slash at the end; on the embedded AWS any client reaches it, for
        it needs no host name of its own."""
        url = self.outputs["ApiUrl"]
        if not self.embedded:
            return url
        stage = urlsplit(url).path.strip("/") or self.outputs["ApiStage"]
        api = self.outputs["ApiId"]
        return f"{self.embedded.url}/restapis/{api}/{stage}/_user_request_/"

    def _api_url(self, path: str) -> str:
        return self.api_url + path.lstrip("/")


def find_target(*, real: bool = False) -> Target:
    """Find the running embedded AWS, or with ``real`` the current credentials' account."""
    embedded = None if real else embedded_aws.running()
    if embedded is None and not real:
        raise TargetError(
            "No embedded AWS is running. Start one with `recovery up` and `recovery deploy`, or"
            " `recovery demo --keep`. To use your AWS account, add --aws."
        )
    return Target(embedded, outputs(embedded=not real))
