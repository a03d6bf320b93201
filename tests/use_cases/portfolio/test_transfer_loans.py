"""S14, its money and party parts: a loan sold while a plan and a dispute are open, and bought back.

Settlement is on 30 June; the debtor pays 50 to the old lender on 3 July, before any notice.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.documents.portfolio.loan_list import NamedLoan
from recovery.domain.accounting.late_charges import LateCharge
from recovery.domain.accounting.loan import LoanProfile, Payment
from recovery.domain.accounting.owner_facts import NEVER_CHANGED_HANDS
from recovery.domain.accounting.ownership import (
    Medium,
    OwnerChange,
    OwnerChangeKind,
    Silence,
    TransferNotice,
)
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.agreements.restraints import MESSAGES, Block, Kind, Restraint
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import Stage
from recovery.domain.shared.actor import Role
from recovery.domain.shared.errors import RefusedError
from recovery.ports.accounting import StoredLoan
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.accounting.read_loan import read_loan
from recovery.use_cases.accounting.reverse_payment import reverse_payment
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.monitoring.review_loans import review_changed
from recovery.use_cases.portfolio.buy_back import buy_back
from recovery.use_cases.portfolio.prove_transfer_notice import prove_transfer_notice
from recovery.use_cases.portfolio.transfer_loans import transfer_loans
from tests.builders import a_loan, a_policy, a_state, an_actor

DAY = timedelta(days=1)
JUNE_30, JULY_1, JULY_3 = date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 3)
AUGUST_10 = date(2026, 8, 10)
ANA = an_actor()
SALE = OwnerChange(
    change_id="list-7",
    kind=OwnerChangeKind.SALE,
    executed_on=JUNE_30,
    creditor="Fondo Norte",
    outside=True,
)
DISPUTE = Restraint(
    Kind.DISPUTE, date(2026, 5, 1), None, MESSAGES | {Block.ESCALATION}, "form-9", part=6_000
)
HARDSHIP = Restraint(Kind.HARDSHIP, date(2026, 4, 1), None, frozenset({Block.CALLS}), "form-2")
CASE = CaseState(
    "L-1-C1", date(2026, 2, 5), Stage.INTERMEDIATE_RECOVERY, date(2026, 3, 5), signals=2
)
EXCEPTED = NamedLoan(1, "L-1", "Ana Torres", "the buyer knows of the dispute on 60")


@pytest.fixture
def on(wiring):
    """Move the business date."""

    def move(day: date) -> None:
        wiring.institutions.days["umoja"] = InstitutionDay(day)

    move(JUNE_30)
    return move


def keep(wiring, loan_id: str = "L-1", **changes) -> StoredLoan:
    loan = a_loan(loan_id)
    stored = StoredLoan(loan, a_state(loan, **changes))
    wiring.loans.add_loan(stored, [])
    return stored


def sell(wiring, *rows: NamedLoan, change: OwnerChange = SALE, by=ANA, **how):
    return transfer_loans(rows, change, "umoja", by, wiring.now(), wiring, **how)


def pay(wiring, amount_minor: int, day: date, loan_id: str = "L-1"):
    payment = Payment(f"P-{amount_minor}", day, amount_minor)
    request = PaymentRequest(payment, loan_id, "EUR")
    return take_payment(request, ANA, wiring.now(), wiring).receipt


def told(wiring, name: str) -> list[dict[str, object]]:
    """What was told to other systems, in order."""
    events = (each for outbox in wiring.loans.outboxes("L-1") for each in outbox.events)
    return [dict(each.detail) for each in events if each.name == name]


def test_a_disputed_loan_comes_off_the_list_or_needs_a_named_exception(wiring, on) -> None:
    keep(wiring, restraints=(DISPUTE,))
    keep(wiring, "L-2")
    result = sell(wiring, NamedLoan(1, "L-1"), NamedLoan(2, "L-2"))
    assert [(each.number, each.problem.reason) for each in result.refused] == [
        (1, "L-1 is disputed")
    ]
    for loan_id in ("L-1", "L-2"):  # nothing changed hands
        assert wiring.loans.load(loan_id).state.ownership is NEVER_CHANGED_HANDS
    result = sell(wiring, EXCEPTED, NamedLoan(2, "L-2"))
    assert (result.transferred, result.refused) == (2, [])
    (record,) = wiring.loans.recorded("L-1").owners
    assert record.fact.excepted_by == "Ana Torres"
    assert (record.known_on, record.recorded_by) == (JUNE_30, ANA.id)


def test_a_loan_on_which_nothing_is_owed_at_settlement_comes_off_the_list(wiring, on) -> None:
    keep(wiring)
    keep(wiring, "L-2")
    total_minor = 12 * 11_500
    pay(wiring, total_minor, JUNE_30)
    on(JULY_3)
    payment = PaymentRequest(Payment("P-2", JULY_1, total_minor), "L-2", "EUR")
    take_payment(payment, ANA, wiring.now(), wiring)  # paid to the old lender after the sale
    result = sell(wiring, NamedLoan(1, "L-1"), NamedLoan(2, "L-2"))
    assert [each.problem.reason for each in result.refused] == ["nothing is owed on L-1"]
    assert sell(wiring, NamedLoan(1, "L-2")).transferred == 1


def test_everything_known_stays_with_the_loan_and_the_fifty_is_passed_on(wiring, on) -> None:
    stored = keep(wiring, restraints=(DISPUTE, HARDSHIP), case=CASE, cases=1)
    assert sell(wiring, EXCEPTED).transferred == 1
    assert told(wiring, "OwnerChanged") == [
        {
            "loan_id": "L-1",
            "change_id": "list-7",
            "kind": "sale",
            "from_on": "2026-07-01",
            "outside": True,
            "creditor": "Fondo Norte",
        }
    ]
    on(JULY_3)
    receipt = pay(wiring, 5_000, JULY_3)
    assert (receipt["amount"], receipt["passed_on_to"]) == ("50.00", "Fondo Norte")
    (passed,) = told(wiring, "PaymentPassedOn")
    assert (passed["amount"], passed["to"], passed["asked_back"]) == ("50.00", "Fondo Norte", False)
    state = wiring.loans.load("L-1").state
    assert sum(each.total for each in state.position.paid) == 5_000  # the debtor owes that less
    assert (state.restraints, state.case, state.cases) == ((DISPUTE, HARDSHIP), CASE, 1)
    assert state.asked == stored.state.asked


def test_a_loan_sold_outside_has_no_wish_and_its_case_stays_where_it_is(wiring, on) -> None:
    keep(wiring, case=CASE, cases=1)
    sell(wiring, NamedLoan(1, "L-1"))
    on(JULY_1)
    review_changed("umoja", ["L-1"], wiring.now(), wiring)
    state = wiring.loans.load("L-1").state
    assert (state.wish, state.next_review_on, state.case) == (None, None, CASE)
    assert state.standing and state.standing.days_past_due == 150
    on(date(2026, 12, 1))
    assert list(wiring.loans.due_loan_ids(0, date(2026, 12, 1))) == []


def test_a_sale_learned_late_passes_on_what_came_in_since(wiring, on) -> None:
    keep(wiring)
    on(JULY_3)
    assert "passed_on_to" not in pay(wiring, 5_000, JULY_3)
    pay(wiring, 700, JUNE_30)
    sell(wiring, NamedLoan(1, "L-1"))
    (passed,) = told(wiring, "PaymentPassedOn")
    assert (passed["payment_id"], passed["asked_back"]) == ("P-5000", False)


def test_a_reversal_asks_back_what_was_passed_on(wiring, on) -> None:
    keep(wiring)
    sell(wiring, NamedLoan(1, "L-1"))
    on(JULY_3)
    pay(wiring, 5_000, JULY_3)
    reverse_payment("umoja", "P-5000", "wrong account", ANA, wiring.now(), wiring)
    assert [each["asked_back"] for each in told(wiring, "PaymentPassedOn")] == [False, True]


def test_a_buy_back_restores_the_owner_and_contact_waits_if_the_debtor_was_told(wiring, on) -> None:
    keep(wiring)
    sell(wiring, NamedLoan(1, "L-1"))
    on(date(2026, 7, 6))
    notice = TransferNotice(
        change_id="list-7",
        medium=Medium.REGISTERED_LETTER,
        sent_on=date(2026, 7, 6),
        proof="RR123456789ES",
    )
    first = prove_transfer_notice("L-1", notice, ANA, wiring.now(), wiring)
    again = prove_transfer_notice("L-1", notice, ANA, wiring.now(), wiring)
    assert (first.recorded, again.recorded, again.record) == (True, False, first.record)

    on(AUGUST_10)
    rows = [NamedLoan(1, "L-1")]
    back = buy_back(rows, "list-9", AUGUST_10, "umoja", ANA, wiring.now(), wiring)
    assert (back.transferred, back.refused) == (1, [])
    rerun = buy_back(rows, "list-9", AUGUST_10, "umoja", ANA, wiring.now(), wiring)
    assert (rerun.transferred, rerun.unchanged) == (0, 1)
    ownership = wiring.loans.load("L-1").state.ownership
    owners = [ownership.owner_on(day, "umoja").creditor for day in (JUNE_30, JULY_1, AUGUST_10)]
    assert owners == ["umoja", "Fondo Norte", "Fondo Norte"]
    assert ownership.owner_on(AUGUST_10 + DAY, "umoja").creditor == "umoja"
    assert ownership.silence_on(AUGUST_10 + DAY).why == Silence.NOT_TOLD

    on(date(2026, 8, 20))
    assert "passed_on_to" not in pay(wiring, 1_000, date(2026, 8, 20))
    of_buy_back = replace(notice, change_id="list-9", sent_on=date(2026, 8, 20))
    prove_transfer_notice("L-1", of_buy_back, ANA, wiring.now(), wiring)
    assert wiring.loans.load("L-1").state.ownership.silence_on(date(2026, 8, 21)) is None
    on(date(2026, 8, 21))
    review_changed("umoja", ["L-1"], wiring.now(), wiring)
    assert wiring.loans.load("L-1").state.case is not None


def test_a_list_is_completed_by_sending_it_again(wiring, on, monkeypatch) -> None:
    for number in range(1, 4):
        keep(wiring, f"L-{number}")
    rows = [NamedLoan(number, f"L-{number}") for number in range(1, 4)]
    commit = wiring.loans.commit

    def interrupted(*changes) -> None:
        if changes[0].loan.loan_id == "L-2":
            raise ConnectionError
        commit(*changes)

    monkeypatch.setattr(wiring.loans, "commit", interrupted)
    with pytest.raises(ConnectionError):
        sell(wiring, *rows)
    monkeypatch.setattr(wiring.loans, "commit", commit)
    on(JULY_3)
    seen = []
    result = sell(wiring, *rows, seen=lambda: seen.append(1))
    assert (result.transferred, result.unchanged, len(seen)) == (2, 1, 3)
    assert [len(wiring.loans.recorded(f"L-{n}").owners) for n in range(1, 4)] == [1, 1, 1]


def test_a_loan_disputed_while_the_list_runs_is_refused_alone(wiring, on, monkeypatch) -> None:
    keep(wiring)
    keep(wiring, "L-2")
    load = wiring.loans.load

    def disputed(loan_id):
        stored = load(loan_id)
        return replace(stored, state=replace(stored.state, restraints=(DISPUTE,)))

    # the list is checked before the dispute, each loan again when its turn comes
    monkeypatch.setattr(wiring.loans, "load_many", lambda ids: [load(each) for each in ids])
    monkeypatch.setattr(wiring.loans, "load", lambda i: disputed(i) if i == "L-2" else load(i))
    result = sell(wiring, NamedLoan(1, "L-1"), NamedLoan(2, "L-2"))
    assert (result.transferred, [each.loan_id for each in result.refused]) == (1, ["L-2"])


def test_a_list_can_be_checked_ahead_of_its_settlement_day(wiring, on) -> None:
    keep(wiring)
    on(date(2026, 6, 10))
    assert {each.problem.field for each in sell(wiring, NamedLoan(1, "L-1")).refused} == {
        "executed_on"
    }
    checked = sell(wiring, NamedLoan(1, "L-1"), check_only=True)
    assert (checked.transferred, checked.refused) == (0, [])
    assert wiring.loans.recorded("L-1").owners == ()


def test_it_takes_a_supervisor(wiring, on) -> None:
    keep(wiring)
    for by in (an_actor("Carl Ek", Role.ADVISOR), an_actor("import", Role.SERVICE)):
        with pytest.raises(RefusedError):
            sell(wiring, NamedLoan(1, "L-1"), by=by)


def test_a_placed_loan_is_silent_and_keeps_its_payments_until_its_recall(wiring, on) -> None:
    keep(wiring)
    placement = replace(SALE, kind=OwnerChangeKind.PLACEMENT, creditor=None, servicer="Bufete Sol")
    sell(wiring, NamedLoan(1, "L-1"), change=placement)
    on(JULY_3)
    assert "passed_on_to" not in pay(wiring, 5_000, JULY_3)
    ownership = wiring.loans.load("L-1").state.ownership
    assert ownership.silence_on(JULY_3).why == Silence.PLACED
    recall = OwnerChange(change_id="firm-2", kind=OwnerChangeKind.RECALL, executed_on=JULY_3)
    assert sell(wiring, NamedLoan(1, "L-1"), change=recall).transferred == 1
    assert wiring.loans.load("L-1").state.ownership.silence_on(JULY_3 + DAY) is None


def test_a_notice_of_nothing_is_refused(wiring, on) -> None:
    keep(wiring)
    notice = TransferNotice(change_id="list-7", medium="sms", sent_on=JULY_3, proof="")
    with pytest.raises(RefusedError) as error:
        prove_transfer_notice("L-1", notice, ANA, wiring.now(), wiring)
    fields = {problem.field for problem in error.value.problems}
    assert fields == {"change_id", "sent_on", "medium", "proof"}


def test_a_loan_owned_by_another_is_not_charged_for_those_days(wiring, on) -> None:
    charge = LateCharge(amount_minor=200)  # once for each instalment that is not paid in time
    wiring.institutions.save_policy("umoja", a_policy(version=2, late_charges=(charge,)))
    profile = LoanProfile(purpose="business", law="ES")  # where a charge may come by itself
    for loan_id in ("L-1", "L-2"):
        loan = a_loan(loan_id, profile=profile)
        wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    sell(wiring, NamedLoan(1, "L-1"))
    on(date(2026, 7, 31))

    def charged(loan_id: str) -> str:
        return read_loan(loan_id, wiring.now(), wiring)["late_charges"]

    assert (charged("L-1"), charged("L-2")) == ("10.00", "12.00")
