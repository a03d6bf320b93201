"""Two institutions use the same ids; a client of each can reach nothing of the other's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from infra.command_line import app
from infra.command_line.institutions import client_policy
from infra.deployment.operate import _read_json, import_folder, wait_for
from tests.embedded.inside import invoke
from tests.embedded.lender import DAY, MONDAY, SOON, Lender, write_portfolio

LOAN, PAYMENT = "L-1", "P-1"


class Client:
    """A system of one institution, with the access that `recovery institution access` prints."""

    def __init__(self, lender: Lender, name: str) -> None:
        import boto3

        self._target, iam = lender.target, lender.target.client("iam")
        iam.create_user(UserName=name)
        policy = json.dumps(client_policy(lender.target.outputs, lender.id))
        iam.put_user_policy(UserName=name, PolicyName="access", PolicyDocument=policy)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        self._credentials = ReadOnlyCredentials(key["AccessKeyId"], key["SecretAccessKey"], None)
        self.s3 = boto3.client(
            "s3",
            aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"],
        )

    def call(self, *call: Any, **options: Any) -> tuple[int, dict[str, Any]]:
        """Call the API as this client."""
        with pytest.MonkeyPatch.context() as patch:
            signed = self._credentials, "us-east-1"
            patch.setitem(self._target.__dict__, "_credentials", signed)
            return self._target.call_api(*call, **options)


@pytest.fixture
def lenders(make_lender: Callable[..., Lender]) -> Iterator[tuple[Lender, Lender]]:
    """Two institutions, each with a loan, a borrower and a payment of the same ids."""
    pair = make_lender(), make_lender()
    for number, lender in enumerate(pair, 1):
        lender.review(MONDAY - DAY)
        folder = lender.folder / lender.id
        folder.mkdir()
        write_portfolio(folder, LOAN, "B-1", f"person{number}@example.org", MONDAY, "100.00")
        result, rejected = import_folder(lender.target, folder, lender.id)
        assert result["loans_added"] == 1, rejected
        lender.wait_until_idle()
    yield pair


def test_the_same_ids_live_side_by_side(lenders: tuple[Lender, Lender]):
    for lender, amount in zip(lenders, ("30.00", "40.00"), strict=True):
        lender.review(MONDAY + DAY)
        assert lender.pay(LOAN, amount, MONDAY + DAY, PAYMENT)[0] == 201
    for lender, rest in zip(lenders, ("70.00", "60.00"), strict=True):
        assert lender.standing(LOAN)["outstanding"]["total"] == rest
        assert lender.path(LOAN) == ["early_management"]
        (execution,) = lender.executions(f"{LOAN}-C1")
        assert execution["name"] == f"{lender.id}_{LOAN}-C1"
        assert [text for text in lender.messages(LOAN) if text.startswith("sent")]
    assert {lender.address_of(LOAN) for lender in lenders} == {
        "person1@example.org",
        "person2@example.org",
    }


def test_a_client_reaches_every_route_of_its_institution_and_none_of_the_other(
    lenders: tuple[Lender, Lender], plain_name: str
):
    ours, theirs = lenders
    client = Client(ours, plain_name)
    payment = {
        "payment_id": PAYMENT,
        "loan_id": LOAN,
        "amount": "10.00",
        "currency": "PEN",
        "value_date": (MONDAY - DAY).isoformat(),
    }
    routes = (
        ("POST", "/payments", payment),
        ("POST", f"/payments/{PAYMENT}/reversal", {"reason": "sent twice"}),
        ("GET", f"/loans/{LOAN}/standing", None),
    )
    before = theirs.standing(LOAN)
    for method, path, body in routes:
        assert client.call(method, path, body, of=ours.id)[0] in (200, 201), path
        for other in (theirs.id, f"{ours.id}/../{theirs.id}", f"{ours.id}%2F..%2F{theirs.id}"):
            assert client.call(method, path, body, of=other)[0] in (403, 404), (path, other)
    theirs.wait_until_idle()
    assert theirs.standing(LOAN) == before
    assert theirs.wiring.loans.recorded(LOAN).payments == ()


def test_a_client_delivers_files_for_its_institution_only(
    lenders: tuple[Lender, Lender], plain_name: str
):
    ours, theirs = lenders
    client, bucket = Client(ours, plain_name), ours.target.outputs["ImportBucketName"]
    manifest = json.dumps({"institution_id": theirs.id, "files": {"loans": "loans.csv"}})
    client.s3.put_object(Bucket=bucket, Key=f"imports/{ours.id}/x/loans.csv", Body=b"loan_id\n")
    for key in (f"imports/{theirs.id}/x/manifest.json", "imports/x/manifest.json", "x"):
        with pytest.raises(ClientError, match="AccessDenied"):
            client.s3.put_object(Bucket=bucket, Key=key, Body=manifest.encode())
    with pytest.raises(ClientError, match="AccessDenied"):
        client.s3.get_object(Bucket=bucket, Key=f"imports/{ours.id}/x/loans.csv")


def test_a_manifest_names_only_the_institution_of_its_folder(lenders: tuple[Lender, Lender]):
    """Who may write to one folder cannot import into another institution's books."""
    ours, theirs = lenders
    s3, bucket = ours.target.client("s3"), ours.target.outputs["ImportBucketName"]
    place = f"imports/{ours.id}/odd"
    manifest = {"institution_id": theirs.id, "files": {"loans": "loans.csv"}}
    s3.put_object(Bucket=bucket, Key=f"{place}/loans.csv", Body=b"loan_id\n")
    s3.put_object(Bucket=bucket, Key=f"{place}/manifest.json", Body=json.dumps(manifest).encode())
    found = wait_for(lambda: _read_json(s3, bucket, f"{place}/result.json"), 20, "no result")
    assert found["error"]["field"] == "institution_id"


def test_an_institution_added_by_command_is_reviewed_at_its_hour_without_a_deploy(
    target,
):
    named = ["--name", "Casa Nueva", "--time-zone", "UTC", "--review-at", "00:00"]
    added = CliRunner().invoke(app, ["institution", "add", "casa-nueva", *named])
    assert added.exit_code == 0, added.output
    today = datetime.now(UTC).date()
    found = invoke(target, "StartDueReviews", {})
    assert "casa-nueva" in found["due"]

    def reviewed() -> bool | None:
        day = target.wiring.institutions.day("casa-nueva")
        return True if day.reviewed_through == today else None

    wait_for(reviewed, SOON, "it was not reviewed")
    assert "casa-nueva" not in invoke(target, "StartDueReviews", {})["due"]
    # Leave nothing for the schedule to do while other tests run.
    target.client("dynamodb").update_item(
        TableName=target.outputs["TableName"],
        Key={"pk": {"S": "INSTITUTION#casa-nueva"}, "sk": {"S": "INSTITUTION"}},
        UpdateExpression="SET clock = :replay",
        ExpressionAttributeValues={":replay": {"S": "replay"}},
    )
