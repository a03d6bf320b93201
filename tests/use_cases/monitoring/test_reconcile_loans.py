"""The weekly proof: no loan that owes anything is hidden, no case is dead."""

from dataclasses import replace
from datetime import date

import pytest

from functions import reconcile_shard
from recovery.domain.accounting.owner_facts import ownership_of
from recovery.domain.accounting.ownership import OwnerChange, OwnerHistory
from recovery.domain.cases.record import CaseRecord
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import Stage
from recovery.ports.accounting import StoredLoan, UnreadableLoanError
from recovery.use_cases.monitoring.reconcile_loans import reconcile_loans
from tests.builders import a_loan, a_payment, a_state
from tests.conftest import Context

TODAY = date(2026, 2, 3)


def keep(wiring, loan_id: str, **changes) -> None:
    loan = a_loan(loan_id, instalments=1)
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan, **changes)), [])
    wiring.loans.needs_review.discard(loan_id)  # a review has seen it


def test_a_hidden_loan_is_due_again_and_the_others_are_left(wiring) -> None:
    keep(wiring, "hidden")
    keep(wiring, "due", next_review_on=date(2026, 3, 1))
    keep(wiring, "closed", closed="settled")
    paid = a_loan("paid", instalments=1)
    wiring.loans.add_loan(StoredLoan(paid, a_state(paid, [a_payment(loan_id="paid")])), [])
    wiring.loans.needs_review.clear()
    done = reconcile_loans(0, TODAY, wiring)
    assert (done.loans, done.hidden, done.failed) == (4, 1, [])
    assert wiring.loans.load("hidden").state.next_review_on == TODAY
    assert list(wiring.loans.due_loan_ids(0, TODAY)) == ["hidden"]
    assert reconcile_loans(0, TODAY, wiring).hidden == 0


def test_a_change_that_no_review_has_seen_is_reviewed_next(wiring) -> None:
    """The stream drops what it could not deliver for a day."""
    keep(wiring, "lost", next_review_on=date(2026, 3, 1))
    keep(wiring, "seen", next_review_on=date(2026, 3, 1))
    wiring.loans.needs_review.add("lost")
    assert reconcile_loans(0, TODAY, wiring).hidden == 1
    assert list(wiring.loans.due_loan_ids(0, TODAY)) == ["lost"]


def test_a_loan_that_is_silent_until_further_notice_is_not_hidden(wiring) -> None:
    sale = OwnerChange(
        change_id="list-7",
        kind="sale",
        executed_on=date(2026, 2, 1),
        creditor="Fondo",
        outside=True,
    )
    keep(wiring, "sold", ownership=ownership_of(OwnerHistory("umoja", (sale,))))
    later = replace(sale, executed_on=TODAY)  # still ours today, so a review must come
    keep(wiring, "sold today", ownership=ownership_of(OwnerHistory("umoja", (later,))))
    assert reconcile_loans(0, TODAY, wiring).hidden == 1
    assert list(wiring.loans.due_loan_ids(0, TODAY)) == ["sold today"]


def test_a_dead_case_is_started_again(wiring) -> None:
    case = CaseState("L-1-C1", TODAY, Stage.EARLY_MANAGEMENT, TODAY, signals=1)
    keep(wiring, "L-1", case=case, cases=1, next_review_on=TODAY)
    wiring.cases.save(CaseRecord("L-1-C1", "L-1", execution_id="arn:1", last_received=1))
    assert reconcile_loans(0, TODAY, wiring).restarted == 1
    assert list(wiring.workflow.again) == [("L-1-C1", TODAY)]


def test_it_goes_on_after_the_last_loan_it_had_time_for(wiring) -> None:
    for number in range(120):
        keep(wiring, f"L-{number:03}")
    times = iter([True, False])
    first = reconcile_loans(0, TODAY, wiring, has_time=lambda: next(times))
    assert (first.loans, first.after) == (50, "L-049")
    rest = reconcile_loans(0, TODAY, wiring, after=first.after)
    assert (rest.loans, rest.hidden, rest.after) == (70, 70, None)


def test_one_unreadable_loan_does_not_stop_it(wiring, monkeypatch) -> None:
    for loan_id in ("a", "b", "c"):
        keep(wiring, loan_id)
    readable = wiring.loans.load_many

    def load_many(loan_ids):
        if "b" in loan_ids:
            raise UnreadableLoanError("b")
        return readable(loan_ids)

    monkeypatch.setattr(wiring.loans, "load_many", load_many)
    done = reconcile_loans(0, TODAY, wiring)
    assert (done.hidden, [loan_id for loan_id, _ in done.failed]) == (2, ["b"])


@pytest.mark.parametrize("known", [{}, {"hidden": 3, "restarted": 1, "failed": 2}])
def test_the_function_adds_up_what_it_found(wiring, load_event, known) -> None:
    keep(wiring, "hidden")
    event = load_event("reconcile_shard") | ({"reconciled": known} if known else {})
    answer = reconcile_shard.handler(event, Context(), wiring)
    before = known or {"hidden": 0, "restarted": 0, "failed": 0}
    assert answer["reconciled"] == before | {"hidden": before["hidden"] + 1}
    assert (answer["more"], answer["after"]) == (False, None)


def test_a_changed_loan_is_not_overwritten(wiring, monkeypatch) -> None:
    keep(wiring, "hidden")
    stored = wiring.loans.load("hidden")
    stale = StoredLoan(stored.loan, replace(stored.state, version=0))
    monkeypatch.setattr(wiring.loans, "load_many", lambda _: [stale])
    done = reconcile_loans(0, TODAY, wiring)
    assert (done.hidden, done.failed) == (0, [])
