"""What people answer, on the embedded AWS: a promise, a dispute, a hardship, a death."""

from __future__ import annotations

from typing import Any

from recovery.documents.people.fact_request import person_fact_request
from recovery.domain.shared.actor import Role
from recovery.use_cases.people.record_person_fact import record_person_fact
from tests.builders import an_actor
from tests.embedded.inside import sent_emails
from tests.embedded.lender import DAY, MONDAY, Lender, signal_into
from tests.embedded.people import person_of

SUPERVISOR = an_actor("Ana Torres", Role.SUPERVISOR)


def say(lender: Lender, path: str, **body: Any) -> dict[str, Any]:
    """Post a fact through the API, and wait until what follows is done."""
    code, answer = lender.target.call_api("POST", path, {"reason": "told", **body}, of=lender.id)
    assert code == 201, answer
    lender.wait_until_idle()
    return answer


def fact(lender: Lender, loan_id: str, kind: str, **body: Any) -> dict[str, Any]:
    return say(lender, f"/loans/{loan_id}/facts", kind=kind, **body)


def told(lender: Lender, loan_id: str) -> int:
    return len(sent_emails(lender.target, lender.address_of(loan_id)))


def test_a_hardship_stops_pressure_and_puts_the_case_on_hold_until_it_ends(make_lender) -> None:
    lender = make_lender()
    loan_id = lender.lend_one(MONDAY)
    lender.review_daily(MONDAY + DAY, MONDAY + DAY)
    before = told(lender, loan_id)
    person_id = lender.wiring.loans.load(loan_id).loan.borrower_id
    answer = say(
        lender,
        f"/persons/{person_id}/facts",
        fact_id="H-1",
        kind="hardship",
        causes=["income_fell"],
    )
    assert answer["causes"] == ["income_fell"] and answer["review_on"]
    assert lender.states(loan_id)[-1] == "OnHold"
    lender.review_daily(MONDAY + 2 * DAY, MONDAY + 8 * DAY)
    assert told(lender, loan_id) == before
    assert lender.states(loan_id)[-1] == "OnHold"
    code, listed = lender.target.call_api("GET", "/held", None, of=lender.id)
    assert code == 200 and [each["person"] for each in listed["held"]] == [person_id]
    kinds = {each.kind for each in lender.wiring.tasks.open_tasks("trained")}
    assert kinds == {"hardship"}

    ports = lender.wiring
    text = '{"fact_id": "H-1-end", "kind": "hold_end", "ends": "H-1", "reason": "found work"}'
    request = person_fact_request(text, person_id, MONDAY + 8 * DAY)
    record_person_fact(lender.id, request, SUPERVISOR, ports.now(), ports)
    lender.wait_until_idle()
    assert lender.states(loan_id)[-1] == "IntermediateRecovery"
    assert ports.tasks.open_tasks("trained") == []


def test_a_promise_and_a_dispute_through_the_api_and_what_the_history_tells(make_lender) -> None:
    lender = make_lender()
    loan_id = lender.lend_one(MONDAY, MONDAY + 30 * DAY)
    lender.review_daily(MONDAY + DAY, MONDAY + DAY)
    made = fact(
        lender,
        loan_id,
        "promise",
        fact_id="PR-1",
        amount="60.00",
        pay_on=str(MONDAY + 4 * DAY),
        channel="phone",
        pay_by="cash",
    )
    assert "40.00 PEN stays overdue even if it is kept" in made["notes"]
    before = told(lender, loan_id)
    lender.review_daily(MONDAY + 2 * DAY, MONDAY + 3 * DAY)
    assert told(lender, loan_id) == before
    lender.pay(loan_id, "60.00", MONDAY + 4 * DAY)
    [promise] = lender.standing(loan_id)["promises"]
    assert promise["outcome"] == "kept"
    lender.review(MONDAY + 4 * DAY)
    fact(lender, loan_id, "dispute", fact_id="D-1", about="wrong_amount", amount="15.00")
    assert lender.standing(loan_id)["collectible"]["overdue"] == "25.00"
    [task] = lender.wiring.tasks.open_tasks("supervisor")
    assert (task.kind, task.about) == ("investigate", "D-1")
    lender.review_daily(MONDAY + 5 * DAY, MONDAY + 6 * DAY)
    lender.pay(loan_id, "40.00", MONDAY + 6 * DAY)
    history = lender.history(loan_id)
    before, after = (
        signal_into(history, state)["between"] for state in ("IntermediateRecovery", "Prevention")
    )
    assert before["fact"] == 1 and before["payment"] == 1 and before["promise.kept"] == 1
    assert after["payment"] >= 1 and after["fact"] == 1


def test_a_death_told_through_the_api_silences_every_loan_of_the_person(make_lender) -> None:
    lender = make_lender()
    person = person_of("shared")
    one, other = lender.lend(MONDAY, loans=2, person=person)
    lender.review_daily(MONDAY + DAY, MONDAY + DAY)
    person_id = lender.wiring.loans.load(one).loan.borrower_id
    before = told(lender, one) + told(lender, other)
    say(lender, f"/persons/{person_id}/facts", fact_id="DE-1", kind="hold", because="death")
    lender.review_daily(MONDAY + 2 * DAY, MONDAY + 9 * DAY)
    assert told(lender, one) + told(lender, other) == before
    assert [lender.states(each)[-1] for each in (one, other)] == ["OnHold", "OnHold"]
    assert [each.kind for each in lender.wiring.tasks.of_person(person_id)].count("death") == 1
