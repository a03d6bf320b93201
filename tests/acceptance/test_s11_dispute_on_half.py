"""S11: she says that half of the arrears was paid in cash, and promises the other half."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from recovery.domain.accounting.loan import Components
from recovery.domain.shared.errors import RefusedError
from recovery.use_cases.cases.decide_case import decide_case
from tests.builders import a_policy, a_schedule
from tests.life import ANOTHER, OFFICER, SUPERVISOR, Life
from tests.to_court import approve, check, dossier_of

FILED = date(2026, 4, 10)


@pytest.fixture
def life(wiring) -> Life:
    """Overdue 400 in two parts, in intermediate recovery since 3 April."""
    life = Life(wiring, date(2026, 1, 15))
    life.lend(schedule=a_schedule(6, Components(20_000), date(2026, 3, 2)))
    life.until(FILED)
    assert life.standing()["overdue"]["total"] == "400.00"
    life.say("L-1", "dispute", fact_id="D-1", about="paid_already", amount="200.00")
    life.say("L-1", "promise", fact_id="PR-1", amount="200.00", pay_on="2026-04-15", channel="page")
    return life


def test_only_the_disputed_part_rests(life: Life) -> None:
    standing = life.standing()
    assert (standing["overdue"]["total"], standing["days_past_due"]) == ("400.00", 39)
    assert standing["collectible"] == {
        "disputed": "200.00",
        "overdue": "200.00",
        "days_past_due": 8,
        "oldest_due_date": "2026-04-02",
    }
    kinds = {each["kind"]: each for each in standing["held_by"]}
    assert {"dispute", "promise"} <= kinds.keys()
    assert {"late_charges", "judicial", "bureau"} <= set(kinds["dispute"]["blocks"])
    [task] = life.tasks("investigate")
    assert task.do_by == date(2026, 5, 1) and task.not_by == (OFFICER.name,)
    assert task.role == "supervisor"


def test_what_is_sent_names_the_undisputed_amount_alone(life: Life) -> None:
    before = len(life.ports.messenger.emails)
    life.until(date(2026, 5, 1))
    said = [text for _, _, text, _ in life.ports.messenger.emails[before:]]
    assert said and not any("400.00" in each for each in said)
    assert life.promise() == "broken" and life.standing()["collectible"]["disputed"] == "200.00"


def test_the_promise_is_kept_and_the_dispute_goes_on(life: Life) -> None:
    life.until(date(2026, 4, 15))
    life.pay("L-1", 20_000)
    assert life.promise() == "kept"
    standing = life.standing()
    assert standing["collectible"]["overdue"] == "0.00"
    assert standing["overdue"]["total"] == "200.00"


def test_the_officer_may_not_answer(life: Life) -> None:
    for by in (OFFICER, replace(SUPERVISOR, name=OFFICER.name)):
        with pytest.raises(RefusedError):
            life.say(
                *("L-1", "dispute_end", by),
                dispute_id="D-1", outcome="rejected", answer="No receipt was found.",
            )  # fmt: skip


def test_upheld_the_payment_counts_from_its_day(life: Life) -> None:
    life.until(date(2026, 4, 14))
    life.say(
        *("L-1", "dispute_end", ANOTHER),
        dispute_id="D-1", outcome="upheld", paid_on="2026-04-02", answer="We found the receipt.",
    )  # fmt: skip
    paid = life.ports.loans.find_payment("D-1.paid")
    assert (paid.payment.value_date, paid.payment.amount_minor) == (date(2026, 4, 2), 20_000)
    standing = life.standing()
    assert (standing["collectible"], standing["overdue"]["total"]) == (None, "200.00")
    assert life.tasks("investigate") == []
    assert "You were right about your loan" in life.mails()


def test_an_answer_undone_on_its_day_waits_for_a_person_again(life: Life) -> None:
    answered = {"dispute_id": "D-1", "outcome": "rejected", "answer": "No receipt was found."}
    life.say("L-1", "dispute_end", ANOTHER, fact_id="E-1", **answered)
    assert life.tasks("investigate") == []
    life.say("L-1", "undo", ANOTHER, fact_id="U-1", undoes="E-1")
    [task] = life.tasks("investigate")
    assert (task.about, task.opened_on) == ("D-1", FILED)
    life.say("L-1", "dispute_end", ANOTHER, fact_id="E-2", **answered)
    assert life.tasks("investigate") == []


def test_rejected_the_clock_resumes_without_a_charge_for_the_time(life: Life) -> None:
    life.until(date(2026, 4, 20))
    life.say(
        *("L-1", "dispute_end", ANOTHER),
        dispute_id="D-1", outcome="rejected", answer="The cash book of that day shows no payment.",
    )  # fmt: skip
    standing = life.standing()
    assert (standing["collectible"], standing["days_past_due"]) == (None, 49)
    held = life.ports.loans.load("L-1").state.restraints
    dispute = next(each for each in held if each.kind == "dispute")
    assert (dispute.from_on, dispute.until) == (FILED, date(2026, 4, 19))
    assert "late_charges" in dispute.blocks
    [mail] = [each for each in life.ports.messenger.emails if each[1].startswith("Our answer")]
    assert "The cash book of that day shows no payment." in mail[2]


def test_what_was_prepared_is_withdrawn(wiring) -> None:
    policy = a_policy(judicial_approvals=2)
    wiring.institutions.save_policy("umoja", policy)
    life = Life(wiring, date(2026, 1, 15))
    life.lend(schedule=a_schedule(6, Components(20_000), date(2026, 2, 2)))
    life.until(date(2026, 5, 25))
    assert life.standing()["case"]["stage"] == "pre_action"
    check("L-1", life.today, life.ports)
    life.settle()
    assert life.standing()["case"]["stage"] == "judicial_recovery"
    read = dossier_of("L-1", life.ports)
    approve("L-1", life.ports, SUPERVISOR)
    [waiting] = life.ports.cases.pending_decisions("judicial_approval")
    life.say("L-1", "dispute", about="paid_already", amount="200.00")
    assert life.ports.cases.pending_decisions("judicial_approval") == []
    withdrawn = life.ports.cases.decision("L-1", waiting.decision_id)
    assert (withdrawn.outcome, "held by" in withdrawn.decided_because) == ("withdrawn", True)
    assert life.standing()["case"]["stage"] == "pre_action"  # until the dispute is answered
    with pytest.raises(RefusedError, match="no approval is pending"):
        decide_case("L-1", "approve", ANOTHER, "x", life.ports.now(), life.ports, dossier=read)


def test_a_dispute_recorded_by_mistake_leaves_nobody_a_task(life: Life) -> None:
    life.until(date(2026, 4, 14))
    life.say("L-1", "undo", undoes="D-1")
    assert life.tasks("investigate") == [] and life.ports.people.held() == []
    assert life.standing()["collectible"] is None


def test_an_answer_recorded_by_mistake_is_somebodys_task_again(life: Life) -> None:
    life.until(date(2026, 4, 14))
    life.say(
        *("L-1", "dispute_end", ANOTHER),
        fact_id="A-1", dispute_id="D-1", outcome="rejected", answer="No payment is found.",
    )  # fmt: skip
    assert life.tasks("investigate") == []
    life.until(date(2026, 4, 15))
    life.say("L-1", "undo", undoes="A-1")
    assert [each.about for each in life.tasks("investigate")] == ["D-1"]
