"""Operations on a deployment, for the command line and the demo: import, review, wait."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from infra.deployment.delivery import read_folder
from infra.deployment.target import Target, TargetError

_POLL_SECONDS = 0.1


def import_folder(
    target: Target, folder: Path, institution_id: str, *, wait_seconds: float = 900
) -> tuple[dict[str, Any], str]:
    """Upload the folder's files, wait, and return the result and the rejected rows as CSV.

    Raises TargetError for a delivery that cannot be used as a whole.
    """
    s3, bucket = target.client("s3"), target.outputs["ImportBucketName"]
    prefix = f"imports/{institution_id}/{uuid4()}"
    delivery = read_folder(folder, institution_id)
    for path in delivery.files.values():
        s3.upload_file(str(path), bucket, f"{prefix}/{path.name}")
    s3.put_object(Bucket=bucket, Key=f"{prefix}/manifest.json", Body=delivery.text.encode())

    def result() -> dict[str, Any] | None:
        return _read_json(s3, bucket, f"{prefix}/result.json")

    found = wait_for(result, wait_seconds, f"the import s3://{bucket}/{prefix}/ has no result yet")
    if error := found.get("error"):
        raise TargetError(f"{error['field']}: {error['reason']}. {error['remedy']}.")
    rejected = s3.get_object(Bucket=bucket, Key=f"{prefix}/rejected.csv")["Body"].read().decode()
    return found, rejected


def run_review(
    target: Target,
    institution_id: str,
    as_of: date | None,
    *,
    replay: bool = False,
    reconcile: bool = False,
    wait_seconds: float = 900,
) -> str:
    """Run the daily review up to ``as_of`` (default: today), wait, and return the execution ARN.

    Raises TargetError if it does not succeed.
    """
    states = target.client("stepfunctions")
    review: dict[str, Any] = {"institution_id": institution_id}
    if as_of:
        review["as_of"] = as_of.isoformat()
    if replay:
        review["clock"] = "replay"
    if reconcile:
        review["reconcile"] = True
    arn = states.start_execution(
        stateMachineArn=target.outputs["DailyReviewStateMachineArn"], input=json.dumps(review)
    )["executionArn"]

    def ended() -> Mapping[str, Any] | None:
        execution = states.describe_execution(executionArn=arn)
        return execution if execution["status"] != "RUNNING" else None

    execution = wait_for(ended, wait_seconds, f"the review {arn} is still running", pause=0.05)
    if execution["status"] != "SUCCEEDED":
        cause = execution.get("cause") or execution.get("error") or ""
        raise TargetError(f"The review {arn} ended as {execution['status']}. {cause}")
    return arn


def output_of(target: Target, arn: str) -> list[dict[str, Any]]:
    """Return what a daily review reported, a value per business date."""
    execution = target.client("stepfunctions").describe_execution(executionArn=arn)
    reported = json.loads(execution.get("output") or "[]")
    return [each for each in reported if isinstance(each, dict)]


def day_reviewed(reported: Mapping[str, Any]) -> dict[str, Any]:
    """Sum up one business date of a daily review: how many loans were reviewed, and were not."""
    shards = reported.get("reviewed", [])
    return {
        "as_of": reported["as_of"],
        "reviewed": sum(each.get("reviewed", 0) for each in shards),
        "failed": sum(each.get("failed", 0) for each in shards),
    }


def wait_for(
    found: Callable[[], Any], seconds: float, what: str, *, pause: float = _POLL_SECONDS
) -> Any:
    """Poll until ``found`` returns something, and return it. Raises TargetError on timeout."""
    deadline = time.monotonic() + seconds
    while (answer := found()) is None:
        if time.monotonic() > deadline:
            raise TargetError(f"Gave up after {seconds:.0f} s: {what}.")
        time.sleep(pause)
    return answer


def _read_json(s3: Any, bucket: str, key: str) -> dict[str, Any] | None:
    try:
        return json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    except s3.exceptions.NoSuchKey:
        return None
