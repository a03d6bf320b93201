"""Money in suspense comes by itself, and leaves by a person's decision only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from recovery.domain.accounting.loan import Payment
from recovery.domain.intake.suspense import UnclaimedPayment
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.errors import ConflictError, PaymentNotFoundError, RefusedError
from recovery.ports.accounting import LoanNotFoundError, StoredLoan
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.intake.suspense import (
    match_suspended,
    refund_suspended,
    take_unclaimed,
)
from recovery.use_cases.monitoring.review_loans import review_shard
from recovery.use_cases.route_changes import route_suspense
from tests.builders import FIRST_DUE, a_loan, a_policy, a_state, an_actor, fields

NOW = datetime(2026, 2, 2, 9, tzinfo=UTC)
TODAY = NOW.date()
BANK = Actor(id="core-banking", name="core-banking", roles=frozenset({Role.SERVICE}))
ANA = an_actor()


@pytest.fixture
def lender(wiring):
    wiring.institutions.days["umoja"] = InstitutionDay(TODAY, TODAY)
    loan = a_loan()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    return wiring


def take(wiring, payment_id="S-1", loan_id="L-404", amount_minor=10_000, currency="EUR", **more):
    payment = Payment(payment_id, more.pop("on", FIRST_DUE), amount_minor, **more)
    request = UnclaimedPayment(payment=payment, currency=currency, loan_id=loan_id, reference="r")
    return take_unclaimed("umoja", request, BANK, NOW, wiring)


def match(wiring, payment_id="S-1", loan_id="L-1", by=ANA, why="it is hers", **more):
    return match_suspended(payment_id, loan_id, by, why, NOW, wiring, **more)


def refund(wiring, payment_id="S-1", by=ANA, why="asked for it", **more):
    return refund_suspended("umoja", payment_id, by, why, NOW, wiring, **more)


def paid(wiring) -> int:
    return sum(each.total for each in wiring.loans.load("L-1").state.position.paid)


@pytest.mark.parametrize("loan_id", ["L-404", None])
def test_money_for_no_loan_on_record_waits_and_a_repeat_changes_nothing(lender, loan_id) -> None:
    taken = take(lender, loan_id=loan_id)
    assert taken.posted
    assert (taken.receipt["to_suspense"], taken.receipt.get("loan_id")) == ("100.00", loan_id)
    again = take(lender, loan_id=loan_id)
    assert (again.posted, again.receipt) == (False, taken.receipt)
    [money] = lender.suspense.open_items()
    assert (money.why, money.suspended_by) == ("unknown_loan", BANK.id)
    with pytest.raises(ConflictError):
        take(lender, loan_id="L-405")


def test_money_for_a_loan_on_record_is_posted(lender) -> None:
    assert take(lender, loan_id="L-1").receipt["allocated"]
    assert lender.suspense.open_items() == []
    assert take(lender, loan_id="L-1").posted is False


def test_money_in_another_currency_waits(lender) -> None:
    take(lender, loan_id="L-1", currency="KES")
    assert [each.why for each in lender.suspense.open_items()] == ["other_currency"]


def test_money_of_the_future_is_refused(lender) -> None:
    with pytest.raises(RefusedError, match="value_date"):
        take(lender, on=TODAY + timedelta(days=3))


def test_a_match_posts_it_with_its_value_date_and_its_payer(lender) -> None:
    take(lender, payer_kind="guarantor", payer_id="G-1")
    receipt = match(lender)
    assert (receipt["value_date"], receipt["from_suspense"]) == (str(FIRST_DUE), "S-1")
    record = lender.loans.find_payment("S-1.match-1")
    assert (record.payment.payer_id, record.reference) == ("G-1", "r")
    assert (record.posted_by, record.links.from_suspense) == (ANA.id, "S-1")
    assert paid(lender) == 10_000
    money = lender.suspense.find("S-1")
    assert (money.state, money.releases[0].reason) == ("matched", "it is hers")
    assert lender.loans.outboxes("L-1")[-1].events[0].detail["from_suspense"] == "S-1"


def test_a_part_can_be_matched_and_the_rest_refunded(lender) -> None:
    take(lender)
    match(lender, amount_minor=3_000)
    match(lender, amount_minor=1_000)
    left = refund(lender)
    assert [each.amount_minor for each in left.releases] == [3_000, 1_000, 6_000]
    assert (left.open_minor, paid(lender)) == (0, 4_000)
    assert left.releases[1].posted_as.payment_id == "S-1.match-2"
    for again in (match, refund):
        with pytest.raises(RefusedError, match="was refunded"):
            again(lender)


def test_all_that_happens_to_it_is_announced_once(lender) -> None:
    take(lender)
    match(lender, amount_minor=3_000)
    refund(lender)
    assert len(route_suspense("S-1", lender)) == 3
    assert route_suspense("S-1", lender) == []
    names = [each.name for each in lender.bus.events]
    assert names == ["PaymentSuspended", "SuspenseMatched", "SuspenseRefunded"]
    matched, refunded = (each.detail for each in lender.bus.events[1:])
    assert matched["posted_as"] == {"loan_id": "L-1", "payment_id": "S-1.match-1"}
    assert (refunded["amount"], refunded["payment_id"]) == ("70.00", "S-1")
    assert "asked for it" not in str(refunded)


def test_what_was_never_announced_is_sent_again_by_the_next_daily_review(lender) -> None:
    take(lender)
    review_shard("umoja", 0, TODAY, lender)
    assert lender.suspense.sent_again == []
    tomorrow = TODAY + timedelta(days=1)
    assert review_shard("umoja", 0, tomorrow, lender).sent_again >= 1
    assert lender.suspense.sent_again == ["S-1"]


@pytest.mark.parametrize(
    ("decide", "by"),
    [
        (match, BANK),
        (refund, BANK),
        (match, an_actor("Leo", Role.AUDITOR)),
        (refund, an_actor("Leo", Role.ADVISOR)),
    ],
)
def test_only_people_with_the_right_to_may_decide(lender, decide, by) -> None:
    take(lender)
    with pytest.raises(RefusedError) as refused:
        decide(lender, by=by)
    assert "by" in {each.split(".")[0] for each in fields(refused.value.problems)}
    assert lender.suspense.find("S-1").open_minor == 10_000


def test_an_advisor_may_match(lender) -> None:
    take(lender)
    assert match(lender, by=an_actor("Leo", Role.ADVISOR))


@pytest.mark.parametrize("decide", [match, refund])
def test_a_decision_needs_a_reason_and_money(lender, decide) -> None:
    take(lender)
    with pytest.raises(RefusedError, match="why"):
        decide(lender, why=" ")
    with pytest.raises(RefusedError, match="amount"):
        decide(lender, amount_minor=10_001)
    with pytest.raises(PaymentNotFoundError):
        decide(lender, "S-404")


def test_a_match_has_to_fit_the_loan(lender) -> None:
    take(lender, "S-2", currency="KES")
    with pytest.raises(RefusedError, match="currency"):
        match(lender, "S-2")
    take(lender, "S-3", on=a_loan().disbursed_on - timedelta(days=1))
    with pytest.raises(RefusedError, match="value_date"):
        match(lender, "S-3")
    with pytest.raises(LoanNotFoundError):
        match(lender, "S-3", "L-404")
    assert paid(lender) == 0


def test_where_no_surplus_is_kept_a_paid_loan_takes_nothing(lender) -> None:
    lender.institutions.save_policy("umoja", a_policy(version=2, surplus="suspense"))
    take(lender, loan_id="L-1", amount_minor=12 * 11_500)
    take(lender, "S-2")
    with pytest.raises(RefusedError, match="owes nothing"):
        match(lender, "S-2")
    assert lender.suspense.find("S-2").open_minor == 10_000
