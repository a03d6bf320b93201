"""S03: a returned debit reports a death at night; next morning the daughter phones the branch."""

from __future__ import annotations

from datetime import date

import pytest

from recovery.domain.accounting.loan import Components
from recovery.domain.accounting.party import Party
from recovery.domain.cases.task_guidance import guidance
from recovery.domain.shared.errors import RefusedError
from recovery.ports.accounting import UnreadableLoanError
from recovery.use_cases.accounting.record_party import record_party
from tests.builders import a_borrower, a_schedule
from tests.life import OFFICER, SUPERVISOR, Life

RETURNED = date(2026, 4, 13)


@pytest.fixture
def life(wiring) -> Life:
    """A loan 40 days late with an open promise, another loan, and a guarantor; then the return."""
    life = Life(wiring, date(2026, 1, 15))
    life.lend(schedule=a_schedule(6, Components(10_000), date(2026, 2, 2)))
    life.lend("L-2", schedule=a_schedule(6, Components(5_000), date(2026, 4, 20)))
    life.ports.borrowers.save_contact_details(a_borrower("G-1"))
    guarantor = Party(person_id="G-1", role="guarantor", from_on=date(2026, 1, 15))
    record_party("L-1", guarantor, SUPERVISOR, life.ports.now(), life.ports)
    life.until(date(2026, 2, 2))
    life.pay("L-1", 10_000)
    life.until(date(2026, 4, 10))
    life.say("L-1", "promise", fact_id="PR-1", amount="100.00", pay_on="2026-04-17", channel="sms")
    life.until(RETURNED)
    life.say(
        *("L-1", "chargeback"),
        payment_id="P-1", amount="100.00", reason_code="MD07", on="2026-04-13",
    )  # fmt: skip
    return life


def sent(life: Life) -> int:
    return len(life.ports.messenger.emails) + len(life.ports.messenger.texts)


def test_nothing_automatic_leaves_for_that_person_on_any_loan(life: Life) -> None:
    before = sent(life)
    life.until(date(2026, 7, 1))
    assert sent(life) == before
    for loan_id in ("L-1", "L-2"):
        held = life.standing(loan_id)["held_by"]
        assert {each["kind"] for each in held} == {"death"}
        assert life.standing(loan_id)["case"]["stage"] == "on_hold"
        reasons = [e.text for e in life.ports.timeline.entries(loan_id) if "death" in e.text]
        assert reasons


def test_the_promise_lapses_and_is_not_broken(life: Life) -> None:
    life.until(date(2026, 4, 30))
    assert life.promise() == "lapsed"
    assert [e.about for e in life.tasks("call")] == []
    with pytest.raises(RefusedError, match="death was reported"):
        life.say("L-1", "promise", amount="50.00", pay_on="2026-05-04", channel="phone")


def test_a_supervisor_gets_one_task_and_heirs_are_left_alone(life: Life) -> None:
    life.until(date(2026, 4, 14))
    life.tell("B-1", "hold", because="death")  # the daughter phones: certificate not yet seen
    [task] = life.tasks("death")
    assert task.role == "supervisor"
    assert "not yet seen" in task.reason and "represents the estate" in task.reason


def test_relatives_are_told_no_amount(life: Life) -> None:
    [task] = life.tasks("death")
    told = guidance(task.kind)
    assert "amount" in " ".join(told.not_say).lower()
    assert "00" not in " ".join((*told.say, task.reason))


def test_a_false_report_resumes_from_the_record(life: Life) -> None:
    life.until(date(2026, 4, 15))
    with pytest.raises(RefusedError):
        life.tell("B-1", "hold_end", OFFICER, ends="death.MD07-P-1", was_false=True)
    life.tell("B-1", "hold_end", SUPERVISOR, ends="death.MD07-P-1", was_false=True)
    assert life.promise() == "open"
    assert {each["kind"] for each in life.standing()["held_by"]} == {"promise"}
    assert life.tasks("death") == []
    life.until(date(2026, 4, 17))
    life.pay("L-1", 10_000)
    assert life.promise() == "kept"
    assert life.standing()["outstanding"]["total"] == "500.00"


def test_a_loan_that_cannot_be_read_keeps_the_death_from_no_other(life: Life, monkeypatch) -> None:
    load = life.ports.loans.load

    def unreadable(loan_id: str):
        if loan_id == "L-1":
            raise UnreadableLoanError(loan_id)
        return load(loan_id)

    monkeypatch.setattr(life.ports.loans, "load", unreadable)
    with pytest.raises(UnreadableLoanError):
        life.tell("B-1", "hold", because="insolvency")
    kinds = {each.kind for each in load("L-2").state.restraints}
    assert kinds == {"death", "insolvency"}
    assert life.ports.people.outboxes("B-1")  # and it waits for the repair
