"""What a settlement lets go, from the facts alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.agreed import Agreement, Part, PlanState, Turn
from recovery.domain.accounting.fact import FactRecord, Recorded, RecordedFact, Undo
from recovery.domain.accounting.history import Waiver
from recovery.domain.accounting.loan import Components, Payment
from recovery.domain.agreements.payment_plan import plans_of
from recovery.domain.agreements.settlement import is_settled, let_go_by, to_let_go
from tests.builders import a_payment

DAY, ON = timedelta(days=1), date(2026, 4, 10)
OWED = Components(300, 40, 0, 9)
SETTLED = Agreement(
    on=ON,
    offer_id="OF",
    option="settlement",
    yes="paper",
    proof="DOC",
    signed_by=("B-1",),
    approved_by="ana",
    payments=(Part(ON + 5 * DAY, 100), Part(ON + 35 * DAY, 100)),
    grace_days=3,
    posting_days=2,
    tolerance_minor=5,
    refit_days=14,
)


def record(fact_id: str, fact: RecordedFact, minutes: int = 0) -> FactRecord:
    return FactRecord(
        fact_id=fact_id,
        loan_id="L-1",
        fact=fact,
        known_on=ON,
        fingerprint="f",
        reason="said",
        recorded_by="ana",
        recorded_at=datetime(2026, 4, 10, tzinfo=UTC) + minutes * timedelta(minutes=1),
    )


def paid(*came: tuple[int, int], agreed: Agreement = SETTLED) -> Recorded:
    """The settlement, and money that came so many days after the yes."""
    payments = tuple(
        replace(a_payment(f"P-{at}"), payment=Payment(f"P-{at}", ON + days * DAY, minor))
        for at, (days, minor) in enumerate(came)
    )
    return Recorded(facts=(record("AG", agreed),), payments=payments)


def let_go(recorded: Recorded):
    return list(to_let_go(recorded, lambda _: OWED, ON + 60 * DAY))


def test_the_waivers_are_of_the_day_on_which_the_sum_was_in() -> None:
    found = let_go(paid((1, 100), (9, 100)))
    assert [each.fact for each in found] == [
        Waiver(ON + 9 * DAY, "penalty"),
        Waiver(ON + 9 * DAY, "interest"),
        Waiver(ON + 9 * DAY, "principal"),
    ]
    assert {each.agreement_id for each in found} == {"AG"}


def test_a_cent_is_missing_and_nothing_is_let_go() -> None:
    assert let_go(paid((1, 95), (9, 104))) == []  # within tolerance of the first part
    assert let_go(paid((1, 95), (9, 105))) != []


def test_a_plan_of_the_same_money_lets_nothing_go() -> None:
    plan = replace(SETTLED, option="payment_plan")
    assert let_go(paid((1, 200), agreed=plan)) == []


def test_what_was_let_go_comes_back_with_the_money_and_goes_again_under_a_new_id() -> None:
    done = paid((1, 200))
    for at, each in enumerate(let_go(done)):
        done = done.with_fact(record(each.fact_id, each.fact, at + 1))
    assert let_go_by(done, "AG.let-go.interest") == "AG" and let_go_by(done, "AG") is None
    back = replace(done, payments=())
    undoing = let_go(back)
    assert [type(each.fact) for each in undoing] == [Undo] * 3
    for at, each in enumerate(undoing):
        back = back.with_fact(record(each.fact_id, each.fact, at + 10))
    assert let_go(back) == []
    again = let_go(replace(back, payments=done.payments))
    known = {each.fact_id for each in back.facts}
    assert len(again) == 3 and not known & {each.fact_id for each in again}


def test_settled_is_what_was_paid_and_not_what_was_only_agreed() -> None:
    turns = (Turn(ON, "kept"), Turn(ON + 3 * DAY, "completed"))
    plan = PlanState("AG", ON, turns, settles=True)
    assert is_settled([plan], ON + 3 * DAY) and not is_settled([plan], ON)
    assert not is_settled([replace(plan, settles=False)], ON + 3 * DAY)


@given(st.lists(st.tuples(st.integers(0, 70), st.integers(1, 120)), max_size=6))
def test_something_is_let_go_exactly_when_the_plan_is_completed(came) -> None:
    recorded = paid(*came)
    [plan] = plans_of(recorded)
    assert bool(let_go(recorded)) == (plan.turns[-1].status == "completed")
    if let_go(recorded):
        assert sum(minor for _, minor in came) >= 200
