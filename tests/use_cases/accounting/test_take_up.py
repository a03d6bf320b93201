"""What is taken up of a loan's record leaves alone what came from the person's."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import settings as given_settings
from hypothesis import strategies as st

from recovery.domain.accounting.said import Written
from recovery.domain.agreements.dispute import ANSWERED_WITHIN_DAYS
from tests.conftest import wiring_of_fakes
from tests.life import ANOTHER, BANK, Life

START, DAY = date(2026, 1, 15), timedelta(days=1)

ACTS = ("pay", "dispute", "answer dispute", "complain", "answer complaint")


def answers(life: Life) -> tuple[Written, ...]:
    return tuple(e for e in life.ports.loans.load("L-1").state.facts.answers if e.to == "complaint")


def complain(life: Life, number: int) -> None:
    life.tell("B-1", "complaint", BANK, fact_id=f"K-{number}", about="contact", loan_id="L-1")


def answer(life: Life, number: int) -> None:
    life.tell(
        *("B-1", "complaint_end", ANOTHER),
        complaint_id=f"K-{number}", outcome="upheld", answer="We will call less.",
    )  # fmt: skip


@given_settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 9)), max_size=10))
def test_an_answer_to_a_complaint_stays_until_it_is_old(acts: list[tuple[str, int]]) -> None:
    life = Life(wiring_of_fakes(), START)
    life.lend()
    told = dict[str, date]()
    waits = list[int]()
    waits_of_loan = list[int]()
    for number, (what, days) in enumerate(acts):
        match what:
            case "pay":
                life.pay("L-1", 1_000)
            case "dispute":
                life.say(
                    "L-1",
                    "dispute",
                    fact_id=f"D-{number}",
                    about="charges",
                    amount=f"{number + 1}.00",
                )
                waits_of_loan.append(number)
            case "answer dispute" if waits_of_loan:
                life.say(
                    *("L-1", "dispute_end", ANOTHER),
                    dispute_id=f"D-{waits_of_loan.pop()}", outcome="rejected", answer="We looked.",
                )  # fmt: skip
            case "complain":
                complain(life, number)
                waits.append(number)
            case "answer complaint" if waits:
                answer(life, waits[-1])
                told[f"K-{waits.pop()}"] = life.today
        oldest = life.today - ANSWERED_WITHIN_DAYS * DAY
        expected = {each for each, on in told.items() if on >= oldest}
        assert {each.fact_id for each in answers(life)} >= expected
        life.until(life.today + days * DAY)


def test_a_payment_forgets_an_answer_for_which_nobody_waits_any_more() -> None:
    life = Life(wiring_of_fakes(), START)
    life.lend()
    complain(life, 1)
    answer(life, 1)
    life.until(START + ANSWERED_WITHIN_DAYS * DAY)
    life.pay("L-1", 11_500)
    assert [each.fact_id for each in answers(life)] == ["K-1"]
    life.until(life.today + DAY)
    life.pay("L-1", 11_500)
    assert answers(life) == ()
