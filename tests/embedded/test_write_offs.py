"""A write-off on the embedded AWS: proposed, decided by a committee, recovered and confirmed."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from infra.command_line import app
from tests.embedded.inside import sent_emails
from tests.embedded.lender import DAY, MONDAY, Lender


def recovery(lender: Lender, *arguments: str) -> tuple[int, str]:
    """Run ``recovery write-offs`` for the lender; return its exit code and output."""
    done = CliRunner().invoke(app, ["write-offs", *arguments, "--institution", lender.id])
    return done.exit_code, done.output


def test_a_write_off_is_proposed_decided_recovered_and_confirmed(make_lender):
    lender = make_lender(write_off_from_days=2)
    gone, paying = lender.lend(MONDAY, loans=2)
    lender.review_daily(MONDAY + DAY, MONDAY + 2 * DAY)
    listed = json.loads(recovery(lender, "list", "--json")[1])
    assert sorted(each["loan_id"] for each in listed) == sorted([gone, paying])
    assert {(each["amount"], each["days_past_due"]) for each in listed} == {("100.00", 2)}
    assert lender.path(gone) == ["early_management"]

    # Money came for one of them: its proposal comes off the list.
    lender.pay(paying, "100.00", MONDAY + 2 * DAY)
    (waiting,) = json.loads(recovery(lender, "list", "--json")[1])
    assert waiting["loan_id"] == gone
    (withdrawn,) = lender.wiring.cases.decisions_of(paying)
    assert withdrawn.outcome == "withdrawn"

    code, said = recovery(lender, "approve", "--all", "--by", "Ana Torres", "--why", "It is lost.")
    assert (code, said.strip()) == (0, f"{waiting['decision_id']}: approved, {gone}-C1 closes")
    lender.wait_until_idle()
    assert lender.states(gone)[-1] == "WrittenOff"
    assert lender.ended(f"{gone}-C1") == "SUCCEEDED"
    (fact,) = lender.wiring.loans.recorded(gone).facts
    assert (fact.kind, fact.fact_id) == ("write_off", "write-off-" + waiting["decision_id"][-1])
    told = len(sent_emails(lender.target, lender.address_of(gone)))

    lender.review_daily(MONDAY + 3 * DAY, MONDAY + 6 * DAY)  # past the day of the notice
    standing = lender.standing(gone)
    assert (standing["days_past_due"], standing["bucket"], standing["next_review_on"]) == (
        0,
        None,
        None,
    )
    assert len(sent_emails(lender.target, lender.address_of(gone))) == told

    _, receipt = lender.pay(gone, "40.00", MONDAY + 6 * DAY)
    assert (receipt["recovered"], receipt["to_credit"]) == ("40.00", "0.00")
    _, receipt = lender.pay(gone, "70.00", MONDAY + 6 * DAY)
    assert (receipt["recovered"], receipt["to_credit"]) == ("60.00", "10.00")
    loss = lender.standing(gone)["written_off"]
    assert (loss["on"], loss["recovered"]["total"], loss["remaining"]["total"]) == (
        str(MONDAY + 2 * DAY),
        "100.00",
        "0.00",
    )
    lender.review(MONDAY + 7 * DAY)  # the day before is a Sunday
    letters = sent_emails(lender.target, lender.address_of(gone))[told:]
    assert [each["Subject"] for each in letters] == ["Su préstamo está pagado por completo"]
    lender.review(MONDAY + 8 * DAY)
    assert len(sent_emails(lender.target, lender.address_of(gone))) == told + 1


def test_a_write_off_that_is_undone_opens_a_new_case(make_lender):
    lender = make_lender(write_off_from_days=2)
    loan_id = lender.lend_one(MONDAY)
    lender.review_daily(MONDAY + DAY, MONDAY + 2 * DAY)
    lender.decide(loan_id, "write-off", "The money will not come")
    (fact,) = lender.wiring.loans.recorded(loan_id).facts
    body = {"fact_id": "U-1", "kind": "undo", "undoes": fact.fact_id, "reason": "wrong loan"}
    code, answer = lender.target.call_api("POST", f"/loans/{loan_id}/facts", body, of=lender.id)
    assert code == 201, answer
    lender.wait_until_idle()
    assert lender.case(loan_id).case_id == f"{loan_id}-C2"
    assert lender.standing(loan_id)["days_past_due"] == 2
