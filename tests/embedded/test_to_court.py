"""From pre-action to a judgment and its enforcement, and from court back into a kept plan."""

from __future__ import annotations

import hashlib
import io
import json
import urllib.request
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pypdf import PdfReader

from recovery.adapters.letters import locked_days
from recovery.domain.judicial.dossier import hash_of
from recovery.domain.shared.actor import Role
from recovery.domain.shared.errors import RefusedError
from recovery.use_cases.cases.decide_case import decide_case
from tests import to_court
from tests.builders import an_actor
from tests.embedded.lender import DAY, MONDAY, Lender
from tests.embedded.test_agreements import assess, fact

GRACE = an_actor("Grace Njeri", Role.SUPERVISOR)
PRE_ACTION = MONDAY + 6 * DAY


def in_pre_action(lender: Lender) -> str:
    loan_id = lender.lend_one(MONDAY)
    lender.review_daily(MONDAY, PRE_ACTION)
    assert lender.path(loan_id)[-1] == "pre_action"
    return loan_id


def done(lender: Lender, act: Any, loan_id: str, *said: Any, **named: Any) -> None:
    """Do this as people do, and wait until what follows is done."""
    act(loan_id, *said, lender.wiring, **named)
    lender.wait_until_idle()


def approved(lender: Lender, loan_id: str) -> None:
    for by in (to_court.LAWYER, GRACE):
        to_court.approve(loan_id, lender.wiring, by)
        lender.wait_until_idle()


def kept_dossier(lender: Lender, loan_id: str, approved: str) -> dict[str, io.BytesIO]:
    """Return the files of the dossier that waits, once they are what its hash says."""
    arn = lender.target.client("sts").get_caller_identity()["Arn"]
    lender.wiring.institutions.save_actor(lender.id, an_actor("Rosa Flores", Role.AUDITOR, id=arn))
    code, opened = lender.target.call_api("GET", f"/loans/{loan_id}/dossier", of=lender.id)
    assert code == 200 and opened["hash"] == approved, opened
    with urllib.request.urlopen(opened["zip"], timeout=10) as response:
        archive = zipfile.ZipFile(io.BytesIO(response.read()))
    files = {name: archive.read(name) for name in archive.namelist()}
    with urllib.request.urlopen(opened["pdf"], timeout=10) as response:
        assert response.read() == files["dossier.pdf"]
    manifest = json.loads(files.pop("manifest.json"))
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    assert manifest["documents"] == hashes == opened["files"]
    parts = {name: each for name, each in manifest.items() if name not in ("hash", "format")}
    assert hash_of(parts) == manifest["hash"] == approved
    s3, bucket = lender.target.client("s3"), lender.target.outputs["DossierBucketName"]
    key = f"{lender.id}/{loan_id}/{approved}.zip"
    head = s3.head_object(Bucket=bucket, Key=key)
    assert head["ObjectLockMode"] == "GOVERNANCE"
    with pytest.raises(ClientError):
        s3.delete_object(Bucket=bucket, Key=key, VersionId=head["VersionId"])
    return {name: io.BytesIO(content) for name, content in files.items()}


def lock_dossiers(lender: Lender) -> None:
    """CloudFormation there leaves out the lock of a bucket: set what the template says."""
    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": locked_days()}}
    lender.target.client("s3").put_object_lock_configuration(
        Bucket=lender.target.outputs["DossierBucketName"],
        ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule},
    )


def test_from_pre_action_to_a_judgment_that_is_enforced(make_lender) -> None:
    lender = make_lender(judicial_approvals=2)
    lock_dossiers(lender)
    loan_id, day = in_pre_action(lender), PRE_ACTION
    lender.review(day + DAY)
    assert lender.states(loan_id)[-1] == "PreAction"  # nobody checked what comes before court
    done(lender, to_court.check, loan_id, day)
    assert lender.states(loan_id)[-2:] == ["PrepareDossier", "AwaitApproval"]
    assert lender.path(loan_id)[-2:] == ["pre_action", "judicial_recovery"]
    code, seen = lender.target.call_api("GET", f"/loans/{loan_id}/judicial", of=lender.id)
    assert code == 200 and seen["dossier"]["holds"]
    assert seen["dossier"]["contents"]["claim"]["total"] == "100.00"
    assert seen["dossier"]["contents"]["sue_or_settle"]["options"]
    (waiting,) = lender.wiring.cases.pending_decisions("judicial_approval")
    assert waiting.about == seen["dossier"]["hash"]
    files = kept_dossier(lender, loan_id, waiting.about)
    assert {"dossier.pdf", "claim.json", "statement.csv"} <= files.keys()
    text = "".join(page.extract_text() for page in PdfReader(files["dossier.pdf"]).pages)
    assert loan_id in text and "100.00" in text

    to_court.approve(loan_id, lender.wiring)
    lender.wait_until_idle()
    assert lender.states(loan_id)[-1] == "AwaitApproval"  # one person is not enough
    with pytest.raises(RefusedError, match="asked for it"):
        to_court.approve(loan_id, lender.wiring, why="I insist.")
    to_court.approve(loan_id, lender.wiring, GRACE)
    lender.wait_until_idle()
    lender.review(day + 2 * DAY)
    assert lender.states(loan_id)[-1] == "FileClaim"  # it waits for a person to file it

    day = day + 2 * DAY
    done(lender, to_court.file, loan_id, day)
    assert lender.states(loan_id)[-1] == "InProceedings"
    told = {"step": "hearing", "by_on": day + 9 * DAY}
    done(lender, to_court.step, loan_id, "H-1", day, **told)
    assert [each.about for each in lender.wiring.tasks.open_tasks("legal")] == ["H-1"]
    lender.pay(loan_id, "40.00", day)
    assert lender.states(loan_id)[-1] == "InProceedings"
    reasons = [each.reason for each in lender.wiring.tasks.open_tasks("legal")]
    assert any("60.00 PEN is left: tell the court" in each for each in reasons)

    verdict = {"step": "judgment", "outcome": "creditor", "amount_minor": 10_000, "final_on": day}
    done(lender, to_court.step, loan_id, "J-1", day, **verdict)
    with pytest.raises(RefusedError, match="no agreement was offered"):
        lender.decide_now(loan_id, "enforce", "The time is over", by="Ana Torres")
    done(lender, to_court.step, loan_id, "W-1", day, step="way_back_offered")
    for by in ("Ana Torres", "Grace Njeri"):
        lender.decide(loan_id, "enforce", "They did not answer", by=by)
    assert lender.states(loan_id)[-1] == "Enforcement"
    lender.pay(loan_id, "60.00", day)
    assert lender.states(loan_id)[-1] == "PaidOff"
    assert lender.ended(lender.case(loan_id).case_id) == "SUCCEEDED"
    history = json.dumps(lender.history(loan_id), default=str)
    codes = ("checked", "filed", "receipt", "hearing", "judgment", "way_back_offered")
    assert [each for each in codes if f"court.{each}" not in history] == []
    assert "Ines Vidal" not in history


def test_a_payment_withdraws_the_approval_until_people_read_the_new_dossier(make_lender) -> None:
    lender = make_lender(judicial_approvals=2, notice_answered_percent=90)
    loan_id = in_pre_action(lender)
    done(lender, to_court.check, loan_id, PRE_ACTION)
    read = to_court.dossier_of(loan_id, lender.wiring)
    to_court.approve(loan_id, lender.wiring)
    lender.pay(loan_id, "10.00", PRE_ACTION)
    assert lender.states(loan_id)[-2:] == ["PrepareDossier", "AwaitApproval"]
    now = to_court.dossier_of(loan_id, lender.wiring)
    assert now != read
    withdrawn = [e.outcome for e in lender.wiring.cases.decisions_of(loan_id) if e.outcome]
    assert sorted(withdrawn) == ["approved", "withdrawn"]
    ports = lender.wiring
    with pytest.raises(RefusedError, match="not what waits"):
        decide_case(loan_id, "approve", GRACE, "read", ports.now(), ports, dossier=read)
    approved(lender, loan_id)
    lender.pay(loan_id, "10.00", PRE_ACTION)  # approved, and not filed yet
    assert lender.states(loan_id)[-2:] == ["PrepareDossier", "AwaitApproval"]


def test_from_court_back_into_a_plan_that_is_kept(make_lender) -> None:
    lender = make_lender()
    loan_id = in_pre_action(lender)
    done(lender, to_court.check, loan_id, PRE_ACTION)
    to_court.approve(loan_id, lender.wiring)
    lender.wait_until_idle()
    done(lender, to_court.file, loan_id, PRE_ACTION)
    person_id = lender.wiring.loans.load(loan_id).loan.borrower_id
    assess(lender, person_id)
    arn = lender.target.client("sts").get_caller_identity()["Arn"]
    lender.wiring.institutions.save_actor(lender.id, an_actor("Ana Torres", Role.ADVISOR, id=arn))
    code, offer = fact(lender, loan_id, "offer", fact_id="O-1", difficulty="one_off")
    assert code == 201, offer
    agreed = {
        "offer_id": "O-1",
        "option": "payment_plan",
        "yes": "paper",
        "proof": "paper-1",
        "signed_by": [person_id],
    }
    code, answer = fact(lender, loan_id, "agreement", fact_id="A-1", **agreed)
    assert code == 201, answer
    assert lender.states(loan_id)[-1] == "KeepAgreement"
    done(lender, to_court.end, loan_id, PRE_ACTION, outcome="withdrawn")
    assert lender.states(loan_id)[-1] == "KeepAgreement"
    outstanding = lender.standing(loan_id)["outstanding"]["total"]
    lender.pay(loan_id, outstanding, PRE_ACTION)
    assert lender.states(loan_id)[-1] == "PaidOff"


def test_a_suit_that_ends_without_a_title_leads_back_to_friendly_ways(make_lender) -> None:
    lender = make_lender()
    loan_id = in_pre_action(lender)
    done(lender, to_court.check, loan_id, PRE_ACTION)
    to_court.approve(loan_id, lender.wiring)
    lender.wait_until_idle()
    done(lender, to_court.file, loan_id, PRE_ACTION)
    done(lender, to_court.end, loan_id, PRE_ACTION, outcome="dismissed")
    assert lender.states(loan_id)[-1] == "IntermediateRecovery"
