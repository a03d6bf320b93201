"""The review end to end: what follows on which day, with nothing missed or repeated."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from recovery.domain.accounting.allocation import allocate, take_up
from recovery.domain.accounting.history import History, WriteOff
from recovery.domain.accounting.loan import Components, Instalment, Loan, Payment
from recovery.domain.accounting.loan_facts import LoanFacts
from recovery.domain.accounting.owner_facts import (
    NEVER_CHANGED_HANDS,
    Ownership,
    ownership_of,
)
from recovery.domain.accounting.ownership import (
    OwnerChange,
    OwnerHistory,
    TransferNotice,
    bought_back,
)
from recovery.domain.accounting.position import unpaid_position
from recovery.domain.agreements.restraints import EVERYTHING, Block, Kind, Restraint
from recovery.domain.contact.plan import APOLOGY, Wish, kind_word
from recovery.domain.loan_state import LoanState
from recovery.domain.outbox import Outbox
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.review import review
from recovery.domain.wish_answers import answer_wish
from tests.builders import a_policy

DUE = date(2026, 3, 10)
DAY = timedelta(days=1)
LOAN = Loan(
    "L1", "default", "own book", "B1", "EUR", date(2026, 2, 1),
    tuple(Instalment(n, DUE + 30 * (n - 1) * DAY, Components(100, 10)) for n in range(1, 7)),
    "Ana",
)  # fmt: skip
NEW = LoanState(1, unpaid_position(LOAN.schedule))
SOLD = OwnerChange(
    change_id="list-7", kind="sale", executed_on=DUE + 40 * DAY, creditor="Fondo", outside=True
)
TOLD = TransferNotice(
    change_id="list-7", medium="letter", sent_on=DUE + 20 * DAY, proof="receipt 12"
)


def with_payments(state: LoanState, *payments: Payment) -> LoanState:
    return replace(
        state,
        position=allocate(LOAN.schedule, payments, DEFAULT_POLICY.accounting.allocation),
        facts=LoanFacts(has_news=True),
    )


@dataclass(frozen=True)
class Reviewed:
    """A review, the wish it had, and the state once that was said."""

    outbox: Outbox
    wish: Wish | None
    state: LoanState


def play(state: LoanState, first: date, last: date, payments=()):
    """Review whenever the state says so, paying as time passes, and say each wish; return each
    review with its day."""
    reviews = []
    day = first
    while day <= last:
        known = tuple(p for p in payments if p.value_date <= day)
        paid_today = any(p.value_date == day for p in payments)
        state = with_payments(state, *known)
        due = state.next_review_on is None or state.next_review_on <= day
        if paid_today or (due and not (state.standing and state.next_review_on is None)):
            result = review(LOAN, state, DEFAULT_POLICY, day)
            wish, state = result.state.wish, result.state
            if wish:
                state = answer_wish(LOAN, state, DEFAULT_POLICY, wish)
            reviews.append((day, Reviewed(result.outbox, wish, state)))
        day += DAY
    return reviews


def messages(reviews) -> list[tuple[int, str]]:
    return [((d - DUE).days, r.wish.kind) for d, r in reviews if r.wish]


def signals(reviews) -> list[tuple[int, str]]:
    found = [((d - DUE).days, r.outbox.signal) for d, r in reviews]
    return [(day, str(signal.to)) for day, signal in found if signal]


def test_a_borrower_who_never_pays_gets_every_message_of_the_plan() -> None:
    reviews = play(NEW, DUE - 10 * DAY, DUE + 100 * DAY)
    assert messages(reviews) == [
        (-3, "reminder_before_due"),
        (1, "first_days_late"),
        (8, "first_days_late"),
        (16, "we_would_like_to_help"),
        (35, "meeting_with_your_advisor"),
        (56, "we_would_like_to_help"),
        (76, "notice_before_judicial_recovery"),
    ]
    # Nothing goes to court unless a notice was actually sent.
    assert signals(reviews) == [(1, "early_management"), (31, "intermediate_recovery")]


def test_judicial_recovery_follows_an_unanswered_notice() -> None:
    state = play(NEW, DUE - 10 * DAY, DUE + 80 * DAY)[-1][1].state
    given_on = DUE + 76 * DAY
    state = replace(
        state,
        case=replace(state.case, notice_on=given_on),
        next_review_on=min(state.next_review_on, given_on + 14 * DAY),
    )
    assert signals(play(state, DUE + 81 * DAY, DUE + 120 * DAY)) == [(91, "pre_action")]


@pytest.mark.parametrize(("percent", "court"), [(24, [(91, "pre_action")]), (26, [])])
def test_a_notice_is_answered_by_a_payment_above_the_policys_share(percent, court) -> None:
    state = play(NEW, DUE - 10 * DAY, DUE + 76 * DAY)[-1][1].state
    overdue = state.standing.overdue.total
    case = replace(state.case, notice_on=DUE + 76 * DAY, notice_overdue_minor=overdue)
    payment = Payment("P1", DUE + 80 * DAY, overdue * percent // 100)
    reviews = play(replace(state, case=case), DUE + 77 * DAY, DUE + 109 * DAY, (payment,))
    assert [each for each in signals(reviews) if each[1] == "pre_action"] == court
    said = [e.text for _, each in reviews for e in each.outbox.timeline if e.kind == "notice"]
    answer = f"the notice of {DUE + 76 * DAY} is answered: a payment came since"
    assert said == ([] if court else [answer])


def test_a_new_notice_follows_the_pause_after_judicial_recovery_was_declined() -> None:
    state = play(NEW, DUE - 10 * DAY, DUE + 80 * DAY)[-1][1].state
    pause_ends = DUE + 150 * DAY
    case = replace(state.case, judicial_not_before=pause_ends)
    state = replace(state, case=case, next_review_on=DUE + 81 * DAY)
    reviews = play(state, DUE + 81 * DAY, DUE + 200 * DAY)
    assert messages(reviews) == [(150, "notice_before_judicial_recovery")]
    assert reviews[-1][1].state.asked[f"notice_before_judicial_recovery+76@{pause_ends}"] == DUE


def test_a_notice_lapses_once_the_case_eases() -> None:
    state = play(NEW, DUE - 10 * DAY, DUE + 80 * DAY)[-1][1].state
    state = replace(state, case=replace(state.case, notice_on=DUE + 76 * DAY))
    paid = [Payment("a", DUE + 82 * DAY, 330)]
    state = play(replace(state, next_review_on=DUE), DUE + 82 * DAY, DUE + 83 * DAY, paid)[-1]
    assert state[1].state.case.notice_on is None


def test_reversing_the_payment_that_ended_a_case_brings_a_new_notice() -> None:
    state = play(NEW, DUE - 10 * DAY, DUE + 80 * DAY)[-1][1].state
    paid = with_payments(state, Payment("a", DUE + 81 * DAY, 660))
    state = review(LOAN, paid, DEFAULT_POLICY, DUE + 81 * DAY).state
    assert state.case is None
    bounced = with_payments(state)
    reviews = play(replace(bounced, next_review_on=DUE), DUE + 84 * DAY, DUE + 120 * DAY)
    assert signals(reviews)[0] == (84, "intermediate_recovery")
    ((day, notice),) = [(day, r.wish) for day, r in reviews if r.wish]
    assert (day, notice.kind) == (DUE + 98 * DAY, "notice_before_judicial_recovery")
    before = [r.wish for _, r in play(NEW, DUE - 10 * DAY, DUE + 80 * DAY) if r.wish]
    assert notice.message_id("L1") not in {each.message_id("L1") for each in before}


def test_continuing_as_new_waits_a_day_for_another_decision() -> None:
    day = DUE + 200 * DAY  # every instalment is due by now: no other date follows
    state = play(NEW, DUE - 10 * DAY, DUE + 80 * DAY)[-1][1].state
    case = replace(state.case, execution_since=day - 300 * DAY, notice_on=DUE + 76 * DAY)
    reviews = play(replace(state, case=case, next_review_on=day), day, day + 5 * DAY)
    assert signals(reviews) == [(200, "pre_action"), (201, "continue_as_new")]


def test_paying_up_brings_thanks_then_prevention_then_a_cure() -> None:
    payments = [
        Payment("a", DUE + 12 * DAY, 110),
        Payment("b", DUE + 30 * DAY, 110),
        Payment("c", DUE + 60 * DAY, 110),
    ]
    reviews = play(NEW, DUE - 10 * DAY, DUE + 70 * DAY, payments)
    assert (12, "thank_you") in messages(reviews)
    assert signals(reviews) == [
        (1, "early_management"),
        (12, "prevention"),
        (60, "cured"),  # the late instalment is no longer one of the last two
    ]


def test_a_punctual_payer_gets_only_reminders_and_no_case() -> None:
    payments = [Payment(f"p{n}", DUE + 30 * n * DAY, 110) for n in range(6)]
    reviews = play(NEW, DUE - 10 * DAY, DUE + 200 * DAY, payments)
    assert signals(reviews) == []
    assert {kind for _, kind in messages(reviews)} <= {"reminder_before_due", "due_today"}
    assert reviews[-1][1].state.next_review_on is None


def test_paying_everything_early_ends_an_open_case() -> None:
    reviews = play(NEW, DUE, DUE + 20 * DAY, [Payment("all", DUE + 5 * DAY, 660)])
    assert signals(reviews)[-1] == (5, "paid_off")
    assert reviews[-1][1].state.case is None


def test_each_decision_names_the_policy_version_and_its_reason() -> None:
    policy = replace(DEFAULT_POLICY, version=7)
    result = review(LOAN, NEW, policy, DUE + DAY)
    assert result.outbox.signal.policy_version == 7
    entries = result.outbox.timeline
    assert {each.policy_version for each in entries} == {7}
    (decided,) = [each.text for each in entries if each.kind == "decision"]
    assert "1 day delinquent" in decided


def test_a_change_that_a_day_sees_twice_is_on_the_timeline_twice() -> None:
    state, day, changes = replace(NEW, closed="settled"), DUE + DAY, []
    for payments in ((), (Payment("p", DUE, 110),), ()):  # the payment is reversed
        result = review(LOAN, with_payments(state, *payments), DEFAULT_POLICY, day)
        state, changes = result.state, [*changes, *result.outbox.timeline]
    texts = [each.text for each in changes]
    late = f"bucket {{}} -> 1-30, overdue since {DUE}"
    assert texts == [late.format("none"), "bucket 1-30 -> current", late.format("current")]
    assert len({each.entry_id for each in changes}) == 3


def test_a_loans_second_case_has_its_own_number() -> None:
    state = replace(NEW, cases=1)
    assert review(LOAN, state, DEFAULT_POLICY, DUE + DAY).state.case.case_id == "L1-C2"


def test_a_settled_or_written_off_loan_is_left_alone() -> None:
    state = replace(NEW, closed="written_off")
    result = review(LOAN, state, DEFAULT_POLICY, DUE + 50 * DAY)
    assert (result.outbox.signal, result.state.wish) == (None, None)
    assert result.state.next_review_on is None


BY_DAYS = a_policy(write_off_from_days=40)


def with_write_off(state: LoanState, *payments: Payment) -> tuple[LoanState, Loan]:
    """The whole loan is written off on day 50, and these payments came."""
    history = History(payments=payments, write_offs=(WriteOff(DUE + 50 * DAY),))
    owed = take_up(LOAN.schedule, history, DEFAULT_POLICY.accounting.allocation)
    assert owed.loss
    return replace(
        state, position=owed.position, facts=LoanFacts(has_news=True, loss=owed.loss)
    ), replace(LOAN, schedule=owed.schedule)


def test_a_write_off_is_proposed_once_and_withdrawn_when_the_loan_is_less_late() -> None:
    before = review(LOAN, NEW, BY_DAYS, DUE + 39 * DAY).state
    assert before.proposal is None
    asked = review(LOAN, before, BY_DAYS, DUE + 40 * DAY)
    assert asked.outbox.asks.decision_id == asked.state.proposal.decision_id == "L1-W3"
    assert "L1-W3 proposed: 40 days past due" in asked.outbox.timeline[-1].text
    assert (asked.outbox.signal, asked.state.closed) == (None, None)
    again = review(LOAN, asked.state, BY_DAYS, DUE + 41 * DAY)
    assert (again.outbox.asks, again.outbox.withdraws) == (None, None)
    paid = with_payments(again.state, Payment("a", DUE + 42 * DAY, 110))
    less_late = review(LOAN, paid, BY_DAYS, DUE + 42 * DAY)
    assert less_late.outbox.withdraws.decision_id == "L1-W3"
    assert less_late.outbox.timeline[-1].text == (
        "write-off L1-W3 withdrawn: 12 days past due, no longer 40"
    )
    late_again = review(LOAN, less_late.state, BY_DAYS, DUE + 70 * DAY)
    assert late_again.outbox.asks.decision_id == "L1-W6"


def test_a_loan_written_off_has_no_days_past_due_no_bucket_and_no_contact() -> None:
    late = review(LOAN, NEW, DEFAULT_POLICY, DUE + 49 * DAY).state
    gone, loan = with_write_off(late)
    result = review(loan, gone, DEFAULT_POLICY, DUE + 50 * DAY)
    standing = result.standing
    assert (standing.days_past_due, standing.bucket, standing.overdue.total) == (0, None, 0)
    assert (standing.written_off_on, standing.loss.total) == (DUE + 50 * DAY, 660)
    assert (result.outbox.signal.to, result.state.closed) == ("written_off", "written_off")
    assert (result.state.wish, result.state.next_review_on) == (None, None)
    texts = [entry.text for entry in result.outbox.timeline]
    assert any(text.startswith("bucket 31-60 -> none") for text in texts)
    assert any(text.startswith("written off on 2026-04-29") for text in texts)


def test_once_all_of_a_loss_is_recovered_the_borrower_hears_it_once() -> None:
    late = review(LOAN, NEW, DEFAULT_POLICY, DUE + 49 * DAY).state
    gone, loan = with_write_off(late, Payment("a", DUE + 60 * DAY, 300))
    part = review(loan, gone, DEFAULT_POLICY, DUE + 60 * DAY).state
    assert part.wish is None
    on = DUE + 90 * DAY
    paid, loan = with_write_off(part, Payment("a", on - 30 * DAY, 300), Payment("b", on, 360))
    cleared = review(loan, paid, DEFAULT_POLICY, on)
    assert cleared.state.wish == Wish("clearance_letter", "clearance_letter", on)
    assert cleared.outbox.wakes == LOAN.borrower_id
    assert cleared.state.next_review_on == on + DAY  # until it is said
    wish = cleared.state.wish
    put_off = answer_wish(loan, cleared.state, DEFAULT_POLICY, wish, retry_on=on + 5 * DAY)
    assert put_off.next_review_on == on + 5 * DAY
    assert review(loan, put_off, DEFAULT_POLICY, on + 4 * DAY).state.wish is None
    again = review(loan, put_off, DEFAULT_POLICY, on + 5 * DAY).state
    assert again.wish == wish
    told = answer_wish(loan, again, DEFAULT_POLICY, again.wish, said_on=on + 5 * DAY)
    assert told.next_review_on is None
    surplus, loan = with_write_off(told, Payment("b", on, 660), Payment("c", on + 400 * DAY, 50))
    assert review(loan, surplus, DEFAULT_POLICY, on + 400 * DAY).state.wish is None


def test_an_apology_that_waits_comes_before_the_letter() -> None:
    part = History(
        payments=(Payment("a", DUE + 60 * DAY, 660),), write_offs=(WriteOff(DUE + 50 * DAY, 110),)
    )
    owed = take_up(LOAN.schedule, part, DEFAULT_POLICY.accounting.allocation)
    loan, facts = replace(LOAN, schedule=owed.schedule), LoanFacts(loss=owed.loss)
    sorry = kind_word(APOLOGY, DUE + 60 * DAY)
    state = replace(NEW, position=owed.position, facts=facts, wish=sorry)
    first = review(loan, state, DEFAULT_POLICY, DUE + 60 * DAY).state
    assert first.wish == sorry
    said = answer_wish(loan, first, DEFAULT_POLICY, sorry, said_on=DUE + 60 * DAY)
    assert said.next_review_on == DUE + 61 * DAY
    later = review(loan, said, DEFAULT_POLICY, DUE + 61 * DAY).state
    assert later.wish.kind == "clearance_letter"


def test_a_recovery_that_is_reversed_and_paid_again_is_confirmed_anew() -> None:
    late = review(LOAN, NEW, DEFAULT_POLICY, DUE + 49 * DAY).state
    on = DUE + 60 * DAY
    paid, loan = with_write_off(late, Payment("a", on, 660))
    cleared = review(loan, paid, DEFAULT_POLICY, on).state
    told = answer_wish(loan, cleared, DEFAULT_POLICY, cleared.wish, said_on=on)
    bounced, loan = with_write_off(told)
    owes = review(loan, bounced, DEFAULT_POLICY, on + DAY).state
    assert owes.wish is None
    paid_again, loan = with_write_off(owes, Payment("b", on + 9 * DAY, 660))
    wish = review(loan, paid_again, DEFAULT_POLICY, on + 9 * DAY).state.wish
    assert (wish.kind, wish.due_date) == ("clearance_letter", on + 9 * DAY)


payment_lists = st.lists(st.tuples(st.integers(1, 250), st.integers(-20, 200)), max_size=10).map(
    lambda rows: [Payment(f"p{n}", DUE + d * DAY, a) for n, (a, d) in enumerate(rows)]
)


@settings(max_examples=60, deadline=None)
@given(payment_lists, st.sampled_from([0, 3]))
def test_nothing_is_missed_between_reviews(payments, grace) -> None:
    """Reviewing every day finds nothing outside the dates in the sparse index."""
    policy = a_policy(grace_days=grace)
    state, day = NEW, DUE - 25 * DAY
    while day < DUE + 220 * DAY:
        known = [p for p in payments if p.value_date <= day]
        position = allocate(LOAN.schedule, known, policy.accounting.allocation)
        changed = position != state.position
        state = replace(state, position=position)
        result = review(LOAN, state, policy, day)
        skipped = (
            not changed
            and state.standing
            and (state.next_review_on is None or state.next_review_on > day)
        )
        if skipped:
            assert result.outbox.signal is None, day
            assert result.state.wish is None, day
            assert result.outbox.events == (), day
        else:
            state = said(result.state, policy)
        day += DAY


def restraint_of(kind, start, days, held) -> Restraint:
    from_on = DUE + start * DAY
    return Restraint(kind, from_on, None if days is None else from_on + days * DAY, held, "form 7")


restraint_lists = st.lists(
    st.builds(
        restraint_of,
        st.sampled_from([Kind.PROMISE, Kind.HARDSHIP, Kind.STOP, "a kind of tomorrow"]),
        st.integers(-30, 200),
        st.none() | st.integers(-2, 120),
        st.frozensets(st.sampled_from([Block.ESCALATION, Block.JUDICIAL, Block.CALLS])),
    ),
    max_size=3,
)


def ownership_from(sold, outside, told, back) -> Ownership:
    """Sold, perhaps told to the debtor, perhaps bought back, at numbers of days from ``DUE``."""
    sale = replace(SOLD, executed_on=DUE + sold * DAY, outside=outside)
    history = OwnerHistory("default", (sale,))
    if told is not None:
        sent_on = sale.from_on + told * DAY
        notice = replace(TOLD, sent_on=sent_on)
        history = replace(history, notices=(notice,))
    if back is not None:
        change = bought_back(history, "list-9", sale.from_on + back * DAY)
        history = replace(history, changes=(sale, change))
    return ownership_of(history)


ownerships = st.builds(
    ownership_from,
    st.integers(-20, 150),
    st.booleans(),
    st.none() | st.integers(0, 60),
    st.none() | st.integers(0, 60),
)


@settings(max_examples=100, deadline=None)
@example(  # kept quiet until long after it was cured
    payments=[Payment("a", DUE, 80), Payment("b", DUE + 3 * DAY, 250)],
    restraints=[],
    ownership=ownership_from(1, outside=False, told=None, back=58),
    write_off=None,
    grace=0,
    told=30,
)
@given(
    payment_lists,
    restraint_lists,
    st.just(NEVER_CHANGED_HANDS) | ownerships,
    st.sampled_from([None, 40, 95]),
    st.sampled_from([0, 3]),
    st.integers(-30, 200),
)
def test_nothing_happens_on_a_day_not_announced(
    payments, restraints, ownership, write_off, grace, told
) -> None:
    """As above, with restraints told of on one day, owners, notices that go out, and write-offs."""
    policy = a_policy(grace_days=grace, write_off_from_days=write_off)
    state, day = replace(NEW, ownership=ownership), DUE - 25 * DAY
    while day < DUE + 220 * DAY:
        known = [p for p in payments if p.value_date <= day]
        position = allocate(LOAN.schedule, known, policy.accounting.allocation)
        changed = position != state.position or day == DUE + told * DAY
        state = replace(state, position=position)
        if day >= DUE + told * DAY:
            state = replace(state, restraints=tuple(restraints))
        result = review(LOAN, state, policy, day)
        announced = state.next_review_on is not None and state.next_review_on <= day
        if changed or announced or state.standing is None:
            state = said(result.state, policy)
        else:
            assert result.outbox.signal is None, day
            assert result.state.wish is None, day
            silent = ownership.silence_on(day)
            assert (result.outbox.asks, result.outbox.withdraws) == (None, None), day
            assert state.closed or silent or result.outbox.events == (), day
        day += DAY


def said(state: LoanState, policy) -> LoanState:
    """Record the state's wish as said the same day."""
    if state.wish is None:
        return state
    return answer_wish(LOAN, state, policy, state.wish, said_on=state.standing.as_of)


def test_a_wish_not_answered_is_wished_for_again_the_next_day() -> None:
    """Whatever was lost on its way, the loan comes back to say so."""
    late = review(LOAN, NEW, DEFAULT_POLICY, DUE + DAY).state
    assert late.wish.kind == "first_days_late"
    assert late.next_review_on == DUE + 2 * DAY
    again = review(LOAN, late, DEFAULT_POLICY, DUE + 2 * DAY)
    assert (again.state.wish, again.outbox.wakes) == (late.wish, LOAN.borrower_id)
    answered = answer_wish(LOAN, again.state, DEFAULT_POLICY, late.wish)
    assert answered.next_review_on == DUE + 8 * DAY
    assert review(LOAN, answered, DEFAULT_POLICY, DUE + 3 * DAY).state.wish is None


def test_a_wish_put_off_comes_back_on_its_day() -> None:
    late = review(LOAN, NEW, DEFAULT_POLICY, DUE + DAY).state
    put_off = answer_wish(LOAN, late, DEFAULT_POLICY, late.wish, retry_on=DUE + 4 * DAY)
    assert put_off.next_review_on == DUE + 4 * DAY
    assert review(LOAN, put_off, DEFAULT_POLICY, DUE + 3 * DAY).state.wish is None
    assert review(LOAN, put_off, DEFAULT_POLICY, DUE + 4 * DAY).state.wish == late.wish


def test_an_answer_leaves_a_loan_due_whose_payment_is_not_reviewed_yet() -> None:
    """Should the stream's review be lost, the daily one must still find it."""
    late = review(LOAN, NEW, DEFAULT_POLICY, DUE + DAY).state
    paid = replace(
        with_payments(late, Payment("a", DUE + 2 * DAY, 660)), next_review_on=DUE + 2 * DAY
    )
    answered = answer_wish(LOAN, paid, DEFAULT_POLICY, late.wish)
    assert answered.next_review_on == DUE + 2 * DAY


def test_an_answer_to_an_earlier_wish_leaves_a_later_one() -> None:
    first = review(LOAN, NEW, DEFAULT_POLICY, DUE + DAY).state
    later = review(LOAN, first, DEFAULT_POLICY, DUE + 8 * DAY).state
    assert later.wish != first.wish
    assert answer_wish(LOAN, later, DEFAULT_POLICY, first.wish) is later


def test_thanks_not_said_yet_are_kept_for_a_week() -> None:
    late = review(LOAN, NEW, DEFAULT_POLICY, DUE + DAY).state
    paid = with_payments(late, Payment("a", DUE + 2 * DAY, 110))
    thanks = review(LOAN, paid, DEFAULT_POLICY, DUE + 2 * DAY).state
    assert thanks.wish.kind == "thank_you"
    assert review(LOAN, thanks, DEFAULT_POLICY, DUE + 9 * DAY).state.wish == thanks.wish
    assert review(LOAN, thanks, DEFAULT_POLICY, DUE + 10 * DAY).state.wish is None


def test_a_restraint_holds_the_ladder_and_its_end_lets_it_go_on() -> None:
    hardship = Restraint(
        Kind.HARDSHIP, DUE + 5 * DAY, DUE + 49 * DAY, frozenset({Block.ESCALATION}), "form 7"
    )
    reviews = play(replace(NEW, restraints=(hardship,)), DUE - 10 * DAY, DUE + 60 * DAY)
    assert signals(reviews) == [
        (1, "early_management"),
        (5, "on_hold"),
        (50, "intermediate_recovery"),
    ]
    days = {day for day, _ in reviews}
    assert {DUE + 5 * DAY, DUE + 50 * DAY} <= days


def test_a_restraint_that_is_over_or_to_come_holds_nothing() -> None:
    over = Restraint(Kind.STOP, DUE - 9 * DAY, DUE, EVERYTHING, "form 7")
    to_come = Restraint(Kind.STOP, DUE + 32 * DAY, None, EVERYTHING, "form 7")
    reviews = play(replace(NEW, restraints=(over, to_come)), DUE - 10 * DAY, DUE + 40 * DAY)
    assert signals(reviews) == [(1, "early_management"), (31, "intermediate_recovery")]


def test_a_review_keeps_the_restraints_it_was_given() -> None:
    held = (Restraint(Kind.STOP, DUE, None, EVERYTHING, "form 7"),)
    assert review(LOAN, replace(NEW, restraints=held), DEFAULT_POLICY, DUE).state.restraints == held


def test_a_loan_sold_outside_is_silent_until_it_is_bought_back() -> None:
    history = OwnerHistory("default", (SOLD,))
    state = replace(NEW, ownership=ownership_of(history))
    reviews = play(state, DUE - 10 * DAY, DUE + 300 * DAY)
    assert (reviews[-1][0] - DUE).days == 41  # the day on which it falls silent is its last
    assert max(day for day, _ in (*messages(reviews), *signals(reviews))) == 35
    silent = reviews[-1][1].state
    assert silent.next_review_on is None and silent.case and silent.wish is None

    back = bought_back(history, "list-9", DUE + 99 * DAY)
    ownership = ownership_of(replace(history, changes=(SOLD, back)))
    again = replace(silent, ownership=ownership, next_review_on=DUE + 99 * DAY)
    later = play(again, DUE + 99 * DAY, DUE + 130 * DAY)
    assert [(day - DUE).days for day, _ in later][:2] == [99, 100]
    assert messages(later) == [(100, "notice_before_judicial_recovery")]


def test_a_wish_of_a_loan_that_changed_hands_is_dropped_with_the_reason() -> None:
    wished = review(LOAN, NEW, DEFAULT_POLICY, DUE).state
    assert wished.wish
    sold = replace(SOLD, executed_on=DUE)
    state = replace(wished, ownership=ownership_of(OwnerHistory("default", (sold,))))
    result = review(LOAN, state, DEFAULT_POLICY, DUE + DAY)
    assert result.state.wish is None and result.outbox.wakes is None
    assert "another institution owns the loan" in result.outbox.timeline[0].text


def test_a_new_owner_waits_for_the_notice_then_goes_on() -> None:
    inside = replace(SOLD, executed_on=DUE, outside=False)
    silent = replace(NEW, ownership=ownership_of(OwnerHistory("default", (inside,))))
    assert messages(play(silent, DUE + DAY, DUE + 40 * DAY)) == []
    told_of = ownership_of(OwnerHistory("default", (inside,), (TOLD,)))
    reviews = play(replace(NEW, ownership=told_of), DUE + DAY, DUE + 40 * DAY)
    assert [(day - DUE).days for day, _ in reviews][:2] == [1, 21]
    assert messages(reviews)[0][0] == 21


@settings(max_examples=100, deadline=None)
@given(payment_lists, st.integers(-20, 200))
def test_running_a_day_twice_changes_nothing(payments, offset) -> None:
    day = DUE + offset * DAY
    state = with_payments(NEW, *[p for p in payments if p.value_date <= day])
    once = review(LOAN, state, DEFAULT_POLICY, day)
    twice = review(LOAN, once.state, DEFAULT_POLICY, day)
    assert (twice.outbox.signal, twice.outbox.events) == (None, ())
    assert replace(twice.state, version=0) == replace(once.state, version=0)


@pytest.mark.parametrize("missed", [1, 2, 3])
def test_a_missed_day_delays_a_message_and_loses_none(missed) -> None:
    kinds = [k for _, k in messages(play(NEW, DUE - 4 * DAY, DUE + 40 * DAY))]
    state = play(NEW, DUE - 4 * DAY, DUE - 4 * DAY)[-1][1].state
    late = [k for _, k in messages(play(state, DUE - 3 * DAY + missed * DAY, DUE + 40 * DAY))]
    # Who was not reminded before is reminded on the day itself.
    assert late == (["due_today", *kinds[1:]] if missed == 3 else kinds)


def test_a_notice_is_given_once_however_the_case_moves() -> None:
    state = play(NEW, DUE - 10 * DAY, DUE + 77 * DAY)[-1][1].state
    given = replace(state, case=replace(state.case, notice_on=DUE + 76 * DAY))
    given = replace(given, next_review_on=DUE + 78 * DAY)
    later = play(given, DUE + 78 * DAY, DUE + 160 * DAY)
    assert signals(later) == [(91, "pre_action")]
    assert messages(later) == []
