"""Portfolio files in S3: valid rows are imported once, invalid rows are returned."""

from __future__ import annotations

import csv
import io
import json

from infra.deployment.operate import import_folder
from tests.embedded.inside import all_of, invoke
from tests.embedded.lender import DAY, MONDAY, Lender


def folder_of(lender: Lender, loan_id: str):
    """Return the folder of the files this loan was imported from."""
    return lender.folder / loan_id


def test_importing_a_folder_again_changes_nothing(lender: Lender):
    loan_id = lender.lend_one(MONDAY, MONDAY + 30 * DAY, paid=[(MONDAY - DAY, "20.00")])
    before = all_of(lender.target, loan_id)
    result, rejected = import_folder(lender.target, folder_of(lender, loan_id), lender.id)
    lender.wait_until_idle()
    assert (result["loans_added"], result["loans_unchanged"]) == (0, 1)
    assert (result["payments_added"], result["payments_unchanged"]) == (0, 1)
    assert (result["borrowers_saved"], result["borrowers_unchanged"]) == (0, 1)
    assert len(rejected.splitlines()) == 1
    assert all_of(lender.target, loan_id) == before


def test_a_repeated_s3_event_changes_nothing(lender: Lender):
    loan_id = lender.lend_one(MONDAY)
    before = all_of(lender.target, loan_id)
    s3, bucket = lender.target.client("s3"), lender.target.outputs["ImportBucketName"]
    found = s3.list_objects_v2(Bucket=bucket, Prefix="imports/")["Contents"]
    manifests = [each for each in found if each["Key"].endswith("manifest.json")]
    key = max(manifests, key=lambda each: each["LastModified"])["Key"]
    manifest = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    event = {"detail": {"bucket": {"name": bucket}, "object": {"key": key}}}
    result = invoke(lender.target, "ImportPortfolio", event)
    lender.wait_until_idle()
    assert manifest["institution_id"] == lender.id
    assert (result["loans_added"], result["loans_unchanged"]) == (0, 1)
    assert all_of(lender.target, loan_id) == before


def test_valid_rows_are_imported_and_invalid_rows_returned_with_a_remedy(lender: Lender):
    good, bad = lender.lend(MONDAY, loans=2)
    folder = folder_of(lender, good)
    for name, old, new in (
        ("loans.csv", good, f"{good}-new"),
        ("instalments.csv", good, f"{good}-new"),
        ("loans.csv", f"{bad},", f"{bad}-new,"),
        ("instalments.csv", f"{bad},1,2025-03-03", f"{bad}-new,1,soon"),
    ):
        path = folder / name
        path.write_text(path.read_text().replace(f"{old}", new, 1))
    with (folder / "payments.csv").open("a") as payments:
        payments.write(f"{good}-X1,no-such-loan,2025-03-02,5.00\n")
    result, rejected = import_folder(lender.target, folder, lender.id)
    lender.wait_until_idle()
    assert result["loans_added"] == 1
    assert lender.standing(f"{good}-new")["outstanding"]["total"] == "100.00"
    assert lender.target.call_api("GET", f"/loans/{bad}-new/standing", of=lender.id)[0] == 404
    rows = list(csv.DictReader(io.StringIO(rejected)))
    assert {(row["file"], row["column"]) for row in rows} >= {
        ("instalments", "due_date"),
        ("payments", "loan_id"),
    } or {row["file"] for row in rows} >= {"instalments", "payments"}
    assert all(row["reason"] and row["remedy"] for row in rows)
    assert result["rejections"] == len(rows)
