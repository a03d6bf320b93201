"""A yes by a code on the embedded AWS: sent, typed, agreed; the letter kept under lock and sent."""

from __future__ import annotations

import hashlib
import io
import re
import urllib.request
from datetime import date
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pypdf import PdfReader

from infra.deployment.operate import wait_for
from recovery.adapters.letters import locked_days
from recovery.domain.shared.actor import Role
from tests.builders import an_actor, months_after
from tests.embedded.inside import sent_emails, sent_texts
from tests.embedded.lender import DAY, MONDAY, SOON, Lender
from tests.embedded.test_agreements import assess, fact


def test_a_yes_by_code_becomes_a_letter_that_nobody_can_change(make_lender) -> None:
    lender: Lender = make_lender()
    later = months_after(date(MONDAY.year, MONDAY.month, 3), 1)
    loan_id = lender.lend_one(MONDAY, later)
    lender.review_daily(MONDAY + DAY, MONDAY + DAY)
    person = lender.wiring.borrowers.load(lender.wiring.loans.load(loan_id).loan.borrower_id)
    assess(lender, person.borrower_id)
    arn = lender.target.client("sts").get_caller_identity()["Arn"]
    lender.wiring.institutions.save_actor(
        lender.id, an_actor("Ana Torres", Role.ADVISOR, Role.SUPERVISOR, id=arn)
    )
    code, offer = fact(lender, loan_id, "offer", fact_id="OF-1", difficulty="one_off")
    assert code == 201, offer

    codes, who = f"/loans/{loan_id}/offers/OF-1/codes", {"person_id": person.borrower_id}
    asked = {"option": "payment_plan", **who}
    bucket, s3 = lender.target.outputs["LetterBucketName"], lender.target.client("s3")
    # CloudFormation there leaves out the lock of a bucket: set what the template says.
    lock = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": locked_days()}}
    s3.put_object_lock_configuration(
        Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": lock}
    )
    code, sent = lender.target.call_api("POST", codes, {**asked, "channel": "sms"}, of=lender.id)
    assert code == 201, sent
    [typed] = re.findall(r"\b\d{6}\b", sent_texts(lender.target, person.phone)[-1])
    wrong = f"{(int(typed) + 1) % 1_000_000:06}"
    answer = f"{codes}/answer"
    assert lender.target.call_api("POST", answer, {**asked, "code": wrong}, of=lender.id)[0] == 422
    yes = {
        **{"fact_id": "AG-1", "offer_id": "OF-1", "option": "payment_plan"},
        **{"yes": "code", "signed_by": [person.borrower_id]},
    }
    assert fact(lender, loan_id, "agreement", **yes)[0] == 422
    code, said = lender.target.call_api("POST", answer, {**asked, "code": typed}, of=lender.id)
    assert (code, said["typed_by"]) == (200, "Ana Torres"), said
    code, agreed = fact(lender, loan_id, "agreement", **yes)
    assert code == 201 and agreed["proof"] == said["terms"][:32], agreed

    letters = f"/loans/{loan_id}/agreements/AG-1/letters"

    def done() -> dict[str, Any] | None:
        _, shown = lender.target.call_api("GET", letters, of=lender.id)
        known = (each for each in shown.get("letters", ()) if each["sent_by"] or each["not_sent"])
        return next(known, None)

    letter = wait_for(done, SOON, "there is no letter that was sent")
    assert (letter["sent_by"], letter["not_sent"]) == ("email", None)
    with urllib.request.urlopen(letter["link"], timeout=10) as response:
        content = response.read()
    assert hashlib.sha256(content).hexdigest() == letter["sha256"]
    text = PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert "AG-1" in text and loan_id in text
    subjects = [each["Subject"] for each in sent_emails(lender.target, person.email)]
    assert "Lo que acordamos sobre su préstamo" in subjects

    key = f"{lender.id}/{loan_id}/AG-1/{person.borrower_id}/{letter['sha256']}.pdf"
    head = s3.head_object(Bucket=bucket, Key=key)
    assert head["ObjectLockMode"] == "GOVERNANCE"
    with pytest.raises(ClientError):
        s3.delete_object(Bucket=bucket, Key=key, VersionId=head["VersionId"])
