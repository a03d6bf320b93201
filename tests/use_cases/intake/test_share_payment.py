"""One payment for a person with several loans: split by law, in one transaction, one receipt."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from recovery.domain.accounting.loan import LoanProfile, Payment
from recovery.domain.accounting.owner_facts import Ownership
from recovery.domain.accounting.ownership import Owner
from recovery.domain.intake.person_payment import PersonPayment, SplitPayment
from recovery.domain.shared.errors import ConflictError, PaymentReversedError, RefusedError
from recovery.ports.accounting import PaymentExistsError, StoredLoan
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.accounting.reverse_payment import reverse_payment
from recovery.use_cases.intake.share_payment import share_payment
from tests.builders import FIRST_DUE, a_loan, a_policy, a_state, an_actor

NOW = datetime(2026, 2, 2, 9, tzinfo=UTC)
TODAY = NOW.date()
BANK = an_actor("bank")


@pytest.fixture
def person(wiring):
    wiring.institutions.days["umoja"] = InstitutionDay(TODAY, TODAY)
    return wiring


def lend(wiring, loan_id, law="ES", *, instalments=12, **changes) -> None:
    loan = a_loan(loan_id, instalments=instalments, profile=LoanProfile(law=law), **changes)
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    wiring.borrowers.loans.setdefault("B-1", []).append(loan_id)


def a_request(amount_minor=15_000, payment_id="X", *designation, **changes) -> PersonPayment:
    request = PersonPayment(
        payment=Payment(payment_id, FIRST_DUE, amount_minor),
        borrower_id="B-1",
        currency="EUR",
        designation=designation,
        reference="bank 17",
    )
    return replace(request, **changes)


def share(wiring, request: PersonPayment, now=NOW):
    return share_payment("umoja", request, BANK, now, wiring)


def on_loan(wiring, loan_id) -> int:
    recorded = wiring.loans.recorded(loan_id).payments
    return sum(each.payment.amount_minor for each in recorded if each.reversed_on is None)


def in_suspense(wiring) -> int:
    return sum(each.open_minor for each in wiring.suspense.open_items())


def test_the_law_s_rule_splits_it_and_the_receipt_names_it(person) -> None:
    lend(person, "L-1")
    lend(person, "L-2")
    taken = share(person, a_request())
    assert taken.posted
    assert (on_loan(person, "L-1"), on_loan(person, "L-2")) == (7_500, 7_500)
    receipt = taken.receipt
    assert receipt["rules"] == ["es.lending.debt_order"]
    assert [(each["payment_id"], each["amount"]) for each in receipt["shares"]] == [
        ("X.1", "75.00"),
        ("X.2", "75.00"),
    ]
    assert all(each["allocated"] for each in receipt["shares"])
    assert "to_suspense" not in receipt
    assert {"L-1", "L-2"} <= person.loans.needs_review
    event = person.loans.outboxes("L-1")[-1].events[0]
    assert (event.name, event.detail["part_of"]) == ("PaymentPosted", "X")


def test_the_payer_s_designation_comes_first(person) -> None:
    for loan_id in ("L-1", "L-2", "L-3"):
        lend(person, loan_id)
    taken = share(person, a_request(15_000, "X", "L-3"))
    assert on_loan(person, "L-3") == 15_000
    assert taken.receipt["designation"] == ["L-3"]


def test_a_repeat_gets_the_same_receipt_and_another_body_is_refused(person) -> None:
    lend(person, "L-1")
    lend(person, "L-2")
    first = share(person, a_request())
    again = share(person, a_request())
    assert (again.receipt, again.posted) == (first.receipt, False)
    with pytest.raises(ConflictError, match="different body"):
        share(person, a_request(15_001))
    assert on_loan(person, "L-1") + on_loan(person, "L-2") == 15_000


def test_what_is_left_under_a_law_of_due_debts_waits_in_suspense(person) -> None:
    lend(person, "L-1")
    lend(person, "L-2")
    receipt = share(person, a_request(30_000)).receipt
    assert (receipt["to_suspense"], receipt["suspense_id"]) == ("70.00", "X.rest")
    assert "payer" in receipt["why_in_suspense"]
    assert on_loan(person, "L-1") + on_loan(person, "L-2") + in_suspense(person) == 30_000


@pytest.mark.parametrize("surplus", ["credit", "suspense"])
def test_a_surplus_is_credit_of_the_last_loan_where_law_and_policy_let_it(person, surplus) -> None:
    person.institutions.save_policy("umoja", a_policy(version=2, surplus=surplus))
    lend(person, "L-1", "NL", instalments=1)
    lend(person, "L-2", "NL", instalments=1)
    share(person, a_request(24_000))
    credit = sum(person.loans.load(each).state.position.credit_minor for each in ("L-1", "L-2"))
    assert (credit, in_suspense(person)) == ((1_000, 0) if surplus == "credit" else (0, 1_000))


def test_loans_under_different_laws_are_not_ranked_among_each_other(person) -> None:
    lend(person, "L-1", "ES")
    lend(person, "L-2", "NL")
    receipt = share(person, a_request()).receipt
    assert (receipt["to_suspense"], receipt["suspense_id"]) == ("150.00", "X")
    assert "different laws" in receipt["why_in_suspense"]
    assert in_suspense(person) == 15_000
    named = share(person, a_request(15_000, "Y", "L-2")).receipt
    assert named["rules"] == ["nl.lending.debt_order"]
    assert on_loan(person, "L-2") == 15_000


def test_loans_of_different_creditors_are_not_ranked_among_each_other(person) -> None:
    lend(person, "L-1")
    lend(person, "L-2")
    stored = person.loans.load("L-2")
    sold = Ownership((Owner("umoja"), Owner("Fondo Norte", from_on=FIRST_DUE)))
    state = replace(stored.state, ownership=sold, version=stored.state.version + 1)
    person.loans.save_state(state, stored.loan)
    receipt = share(person, a_request()).receipt
    assert "different creditors" in receipt["why_in_suspense"]
    share(person, a_request(15_000, "Y", "L-2"))
    assert on_loan(person, "L-2") == 15_000


def test_other_currencies_settled_loans_and_later_ones_are_left_out(person) -> None:
    lend(person, "L-1")
    lend(person, "L-2", currency="KES")
    lend(person, "L-3", disbursed_on=FIRST_DUE + timedelta(days=1))
    lend(person, "L-4")
    stored = person.loans.load("L-4")
    settled = replace(stored.state, closed="settled", version=stored.state.version + 1)
    person.loans.save_state(settled, stored.loan)
    share(person, a_request())
    assert on_loan(person, "L-1") == 15_000


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (a_request(borrower_id="B-9"), "borrower_id"),
        (a_request(currency="KES"), "borrower_id"),
        (a_request(15_000, "X", "L-1", "L-9"), "designation.1"),
        (a_request(payment=Payment("X", TODAY + timedelta(days=9), 1)), "value_date"),
    ],
)
def test_what_does_not_fit_names_its_field(person, request_, field) -> None:
    lend(person, "L-1")
    with pytest.raises(RefusedError) as refused:
        share(person, request_)
    assert field in {each.field for each in refused.value.problems}
    assert person.payments.find("X") is None


def test_another_payment_that_looks_the_same_is_taken_and_marked(person) -> None:
    lend(person, "L-1")
    lend(person, "L-2")
    share(person, a_request(1_000))
    twice = share(person, a_request(1_000, "Y"), NOW + timedelta(hours=1))
    assert twice.receipt["possible_duplicate_of"] == "X"
    names = [each.name for each in person.loans.outboxes("L-1")[-1].events]
    assert names == ["PaymentPosted", "PossibleDuplicatePayment"]
    other = share(person, a_request(1_002, "Z"), NOW + timedelta(hours=1))
    assert "possible_duplicate_of" not in other.receipt


def test_the_whole_is_reversed_with_all_its_parts(person) -> None:
    lend(person, "L-1")
    lend(person, "L-2")
    share(person, a_request(30_000))
    for _ in range(2):
        reversal = reverse_payment("umoja", "X", "bounced", BANK, NOW, person).document()
        assert (reversal["amount"], reversal["loan_ids"]) == ("300.00", ["L-1", "L-2"])
    assert on_loan(person, "L-1") + on_loan(person, "L-2") + in_suspense(person) == 0
    with pytest.raises(PaymentReversedError, match="bounced"):
        share(person, a_request(30_000))


def test_the_record_says_who_paid_what_for_whom(person) -> None:
    lend(person, "L-1")
    lend(person, "L-2")
    payer = Payment("X", FIRST_DUE, 15_000, payer_kind="relative")
    receipt = share(person, a_request(payment=payer)).receipt
    split = person.payments.find("X")
    assert isinstance(split, SplitPayment)
    assert (split.borrower_id, split.posted_by, split.reference) == ("B-1", BANK.id, "bank 17")
    assert receipt["payer"] == {"kind": "relative"}
    for ref in split.shares:
        assert person.loans.find_payment(ref.payment_id).payment.payer_kind == "relative"


def test_another_writer_who_was_first_is_answered_for(person, monkeypatch) -> None:
    lend(person, "L-1")
    lend(person, "L-2")
    commit = person.loans.commit

    def too_late(*changes, **more):
        commit(*changes, **more)
        raise PaymentExistsError("payment X is on record")

    monkeypatch.setattr(person.loans, "commit", too_late)
    assert share(person, a_request()).posted is False


def test_a_derived_id_that_is_taken_is_a_conflict(person) -> None:
    lend(person, "L-1")
    lend(person, "L-2")
    share(person, a_request(1_000, "X.1"))
    with pytest.raises(ConflictError, match=r"X\.1"):
        share(person, a_request())


def test_more_loans_than_one_transaction_holds_are_refused(person) -> None:
    for number in range(21):
        lend(person, f"L-{number}")
    with pytest.raises(RefusedError, match="more than 20 loans"):
        share(person, a_request(30_000))
