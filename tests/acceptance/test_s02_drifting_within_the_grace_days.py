"""S02: no day late, but drifting: the officer is asked to call a week before, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.accounting.loan import Components
from recovery.domain.cases.stage import Stage
from recovery.domain.monitoring.early_warning import WarningPolicy
from recovery.domain.policy import DEFAULT_POLICY
from recovery.ports.accounting import StoredLoan
from tests.builders import a_loan, a_payment, a_schedule, a_state, months_after
from tests.life import Life

FIRST = date(2026, 2, 2)
SELLER = (0, 0, 1, 1, 2, 3, 3, 4, 4)
TENTH = months_after(FIRST, 9)
TREATED = months_after(FIRST, 8) + timedelta(days=1)
UNTREATED = WarningPolicy(treatments=())
WARNED = TENTH - timedelta(days=7)


@pytest.fixture
def life(wiring) -> Life:
    """A market seller who drifts and a neighbour who is punctual; the grace is five days, and from
    after the ninth due date on, the institution acts on warnings."""
    grace = replace(
        DEFAULT_POLICY.monitoring,
        grace_days=5,
        risk=replace(DEFAULT_POLICY.monitoring.risk, late_from_days=5),
    )
    grace = replace(grace, warning=UNTREATED)
    treats = replace(grace, warning=WarningPolicy())
    for version, (monitoring, since) in enumerate(((grace, FIRST), (treats, TREATED)), start=1):
        policy = replace(
            DEFAULT_POLICY, version=version, effective_from=since, monitoring=monitoring
        )
        wiring.institutions.save_policy("umoja", policy)
    life = Life(wiring, date(2026, 1, 15))
    for loan_id, person_id in (("L-1", "B-1"), ("L-2", "B-2")):
        life.lend(loan_id, person_id, schedule=a_schedule(12, Components(10_000), FIRST))
    return life


def before(life: Life) -> None:
    """Her officer served a loan of hers before."""
    loan = a_loan("L-0", borrower_id="B-1", instalments=1, disbursed_on=date(2024, 1, 5))
    life.ports.borrowers.loans["B-1"].append("L-0")
    paid = a_payment("P-0", loan_id="L-0", value_date=loan.schedule[0].due_date)
    paid_off = a_state(loan, [paid])
    life.ports.loans.add_loan(StoredLoan(loan, paid_off), [])


def pay_nine(life: Life) -> None:
    for number, late in enumerate(SELLER):
        due = months_after(FIRST, number)
        life.until(due)
        life.pay("L-2", 10_000)
        life.until(due + timedelta(days=late))
        life.pay("L-1", 10_000)


def calls(life: Life):
    return [each for each in life.tasks("call") if ".warning." in each.task_id]


def test_the_officer_gets_one_task_that_names_the_pattern_and_the_neighbour_none(life) -> None:
    pay_nine(life)
    life.until(WARNED - timedelta(days=1))
    assert calls(life) == []
    life.until(WARNED)
    life.settle()
    [call] = calls(life)
    assert (call.loan_id, call.officer, call.do_by) == ("L-1", "Peter Otieno", TENTH)
    assert "drifting later: instalments 1, 2, 3, 4, 5, 6, 7, 8, 9" in call.reason


def test_the_case_opens_in_prevention_and_nothing_counts_as_late(life) -> None:
    pay_nine(life)
    life.until(WARNED)
    state = life.ports.loans.load("L-1").state
    assert state.case is not None and state.case.target_stage is Stage.PREVENTION
    assert state.case.opened_on == WARNED
    standing = life.standing()
    assert (standing["days_past_due"], standing["bucket"]) == (0, "current")
    assert life.ports.loans.load("L-2").state.case is None


def test_the_same_day_reviewed_twice_adds_nothing(life) -> None:
    pay_nine(life)
    life.until(WARNED)
    before = life.ports.loans.load("L-1").state
    life.ports.loans.needs_review.add("L-1")
    life.settle()
    assert len(calls(life)) == 1
    assert life.ports.loans.load("L-1").state.case == before.case


@pytest.mark.parametrize("late", [-5, 0, 3])
def test_once_the_instalment_is_paid_nobody_calls_any_more(life, late: int) -> None:
    pay_nine(life)
    life.until(WARNED + timedelta(days=1))
    assert len(calls(life)) == 1
    life.until(TENTH + timedelta(days=late))
    life.pay("L-1", 10_000)
    assert calls(life) == []


def test_without_a_treatment_nothing_is_asked_for_nor_reviewed_more_often(life, wiring) -> None:
    known = wiring.institutions.policy("umoja", TREATED)
    untreated = replace(known.monitoring, warning=UNTREATED)
    wiring.institutions.save_policy("umoja", replace(known, version=3, monitoring=untreated))
    pay_nine(life)
    life.until(WARNED - timedelta(days=1))
    assert life.ports.loans.load("L-1").state.next_review_on > WARNED
    life.until(TENTH)
    assert calls(life) == []


def offers(life: Life) -> list[tuple[str, str]]:
    """Return the subject and text of the mails that offer another due day."""
    mails = [(subject, text) for _, subject, text, _ in life.ports.messenger.emails]
    return [each for each in mails if each[0] == "Would another day to pay suit you?"]


def test_one_message_offers_the_day_she_pays_on_and_her_officer_signs_it(life) -> None:
    before(life)
    pay_nine(life)
    life.until(TENTH)
    [(_, text)] = offers(life)
    assert "Your payments come a bit later each time." in text
    assert "We can look for a due day that suits you more." in text
    suited = TENTH + timedelta(days=4)  # the median of her last three
    assert f"{suited:%A}, {suited.day} {suited:%B %Y}" in text
    assert "Peter Otieno" in text
    sent = [e.detail for e in life.ports.bus.events if e.name == "MessageSent"]
    of_tenth = [each for each in sent if each["message_id"].endswith(str(TENTH))]
    assert [each["loan_id"] for each in of_tenth] == ["L-1"]  # and the neighbour hears nothing


def test_a_new_officers_name_is_not_used_as_signer(life) -> None:
    pay_nine(life)
    life.until(WARNED)
    [(_, text)] = offers(life)
    assert "Peter Otieno" not in text and "Your advisor" in text


def test_the_case_says_by_which_pattern_it_opened_wherever_it_is_told(life) -> None:
    pay_nine(life)
    life.until(WARNED)
    said = "drifting later: instalments 1, 2, 3, 4, 5, 6, 7, 8, 9"
    entries = [each.text for each in life.ports.timeline.read("L-1")]
    assert [each for each in entries if "opens at prevention" in each and said in each]
    [started] = life.ports.workflow.started.values()  # it is the execution's input and its output
    assert said in started.reason


def test_no_bucket_moved_and_nothing_went_to_anybody_else(life) -> None:
    pay_nine(life)
    told = len([e for e in life.ports.bus.events if e.name == "StandingChanged"])
    life.until(WARNED)
    assert len([e for e in life.ports.bus.events if e.name == "StandingChanged"]) == told
    assert life.standing("L-2")["days_past_due"] == 0 and not life.tasks("plan")
