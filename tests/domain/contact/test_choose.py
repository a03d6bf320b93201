"""What a person hears: one message over all loans, and a reason for everything else."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.documents.packs.reading import careful_contact_pack
from recovery.domain.accounting.loan import NOTHING, Components
from recovery.domain.accounting.position import unpaid_position
from recovery.domain.agreements.restraints import Block, Kind, Restraint
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import Stage
from recovery.domain.contact.choose import Choice, LoanWish, choose, purpose_of
from recovery.domain.contact.contact_rules import ContactRules, ProvableRule
from recovery.domain.contact.places import Limits
from recovery.domain.contact.plan import APOLOGY, CLEARANCE_LETTER, NOTICE, THANK_YOU, Wish
from recovery.domain.contact.way_back import WAY_BACK
from recovery.domain.monitoring.delinquency import standing_at
from recovery.domain.monitoring.policy import MonitoringPolicy
from recovery.domain.shared.packs import Pack
from tests.builders import a_borrower, a_schedule, the_limits

LIMITS = the_limits(zone="UTC")
_CAREFUL = careful_contact_pack()
_BY_EMAIL = ProvableRule(
    id="xx.contact.provable", source="a law", confidence="H", valid_from=date(2026, 1, 1),
    review_by=date(2027, 1, 1), media=("email",), counts=("received",),
)  # fmt: skip
PROVING = the_limits(zone="UTC", pack=Pack(ContactRules(provable=(_BY_EMAIL,)), _CAREFUL.careful))
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday
TODAY = NOON.date()
DAY = timedelta(days=1)
CASE = CaseState("C", TODAY - 9 * DAY, Stage.INTERMEDIATE_RECOVERY, TODAY - 3 * DAY)


def about(loan_id: str, kind: str, days_past_due: int, **changes) -> LoanWish:
    """A loan whose first instalment is this many days past due; negative if it is yet to come."""
    due = TODAY - days_past_due * DAY
    schedule = a_schedule(1, first_due=due)
    position = unpaid_position(schedule)
    standing = standing_at(schedule, position, MonitoringPolicy(), TODAY)
    key = f"{kind}@{CASE.target_stage_since}" if kind == NOTICE else kind
    wish = Wish(key, kind, TODAY if kind in (THANK_YOU, APOLOGY) else due)
    return LoanWish(loan_id=loan_id, wish=wish, standing=standing, case=CASE, **changes)


LATE = about("late", "first_days_late", 2)
VERY_LATE = about("very late", "we_would_like_to_help", 20)
GIVEN_NOTICE = about("notice", NOTICE, 80)
THANKS = about("paid", THANK_YOU, -20)
REMINDER = about("soon", "reminder_before_due", -3)
SORRY = about("wronged", APOLOGY, 2)


def chosen(*wishes: LoanWish, now: datetime = NOON, limits: Limits = PROVING, **changes) -> Choice:
    return choose(wishes, replace(a_borrower(), **changes), limits, now)


@pytest.mark.parametrize(
    "first, others",
    [
        (GIVEN_NOTICE, [SORRY, VERY_LATE, THANKS, REMINDER]),
        (SORRY, [VERY_LATE, THANKS, REMINDER]),
        (VERY_LATE, [LATE, THANKS, REMINDER]),
        (LATE, [THANKS, REMINDER]),
        (THANKS, [REMINDER]),
        (REMINDER, []),
    ],
)
def test_the_most_pressing_is_said_and_the_rest_waits_a_day(first, others) -> None:
    for wishes in ([first, *others], [*reversed(others), first]):
        choice = chosen(*wishes)
        assert (choice.say, choice.channel) == (first, "email")
        assert {each.about.loan_id for each in choice.not_said} == {e.loan_id for e in others}
        assert {each.retry_on for each in choice.not_said} <= {TODAY + DAY}
        assert all(first.loan_id in each.reason for each in choice.not_said)


def test_a_full_week_puts_off_kind_messages_but_no_notice() -> None:
    full = (TODAY - 5 * DAY, TODAY - DAY)
    put_off = chosen(VERY_LATE, REMINDER, recent_contacts=full)
    assert put_off.say is None
    assert {each.retry_on for each in put_off.not_said} == {date(2026, 3, 6)}
    assert chosen(VERY_LATE, GIVEN_NOTICE, recent_contacts=full).say == GIVEN_NOTICE


SEEN = {"email_privacy": "shared", "phone_privacy": "unsafe"}


def test_where_others_see_it_a_neutral_word_is_chosen_and_passes_no_cap() -> None:
    choice = chosen(VERY_LATE, **SEEN)
    assert (choice.say, choice.channel, choice.neutral) == (VERY_LATE, "email", True)
    assert not chosen(VERY_LATE, email_privacy="shared").neutral  # the phone is private
    put_off = chosen(VERY_LATE, recent_contacts=(TODAY - 5 * DAY, TODAY - DAY), **SEEN)
    assert [each.retry_on for each in put_off.not_said] == [date(2026, 3, 6)]


@pytest.mark.parametrize(
    "limits, changes",
    [
        (LIMITS, {}),  # the careful rules: no message proves anything
        (PROVING, SEEN),  # a neutral word is no notice
        (PROVING, {"contact_confirmed_on": TODAY - 61 * DAY}),
        (PROVING, {"email": None}),  # an SMS proves nothing there
        (PROVING, {"email_consent": False, "sms_consent": False}),
    ],
)
def test_a_notice_that_no_message_proves_is_for_people(limits, changes) -> None:
    choice = chosen(GIVEN_NOTICE, LATE, limits=limits, **changes)
    assert choice.by_people == (GIVEN_NOTICE,)
    assert GIVEN_NOTICE not in [each.about for each in choice.not_said]
    held = Restraint(Kind.DISPUTE, TODAY, None, frozenset({Block.NOTICES}), "code")
    assert chosen(replace(GIVEN_NOTICE, restraints=(held,)), limits=limits).by_people == ()


def test_a_notice_goes_by_the_channel_that_proves_it() -> None:
    choice = chosen(GIVEN_NOTICE, preferred_channel="sms")
    assert (choice.say, choice.channel, choice.by_people) == (GIVEN_NOTICE, "email", ())


def test_nobody_has_to_call_to_be_thanked() -> None:
    choice = chosen(THANKS, REMINDER, **SEEN)
    assert choice.say == REMINDER
    (dropped,) = choice.not_said
    assert (dropped.about, dropped.retry_on) == (THANKS, None)
    assert "others may see" in dropped.reason


@pytest.mark.parametrize("kind, is_said", [(Block.ARREARS, True), (Block.THANKS, False)])
def test_an_apology_is_held_back_where_thanks_are_and_not_where_demands_are(kind, is_said) -> None:
    held = Restraint(Kind.DISPUTE, TODAY, None, frozenset({kind}), "code")
    choice = chosen(replace(SORRY, restraints=(held,)))
    assert (choice.say is not None) == is_said


def test_too_early_waits_and_answers_nothing() -> None:
    choice = chosen(LATE, REMINDER, now=NOON.replace(hour=7))
    assert choice == Choice(wait_until=NOON.replace(hour=9))


def test_without_consent_nothing_is_said_and_nothing_comes_back() -> None:
    choice = chosen(LATE, email_consent=False, sms_consent=False)
    assert choice.say is None
    assert [each.retry_on for each in choice.not_said] == [None]


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        (replace(LATE, closed=True), "recovery of this loan has ended"),
        (replace(LATE, silent="another institution owns the loan"), "another institution owns"),
        (replace(GIVEN_NOTICE, case=None), "the case has moved on"),
        (replace(LATE, wish=replace(LATE.wish, until=TODAY - DAY)), "only right until"),
        (replace(LATE, wish=replace(LATE.wish, due_date=TODAY - 9 * DAY)), "paid in the meantime"),
    ],
)
def test_what_is_no_longer_true_is_dropped_and_the_next_is_said(wish, reason) -> None:
    choice = chosen(wish, REMINDER)
    assert choice.say == REMINDER
    (dropped,) = choice.not_said
    assert (dropped.retry_on, reason in dropped.reason) == (None, True)


@pytest.mark.parametrize("on_person", [True, False])
def test_a_restraint_holds_its_purpose_only(on_person: bool) -> None:
    held = (Restraint(Kind.PROMISE, TODAY, TODAY + 9 * DAY, frozenset({Block.ARREARS}), "x"),)
    person = {"restraints": held} if on_person else {}
    late = LATE if on_person else replace(LATE, restraints=held)
    choice = chosen(late, REMINDER, **person)
    assert choice.say == REMINDER
    (dropped,) = choice.not_said
    assert dropped.reason.startswith("held back: promise")
    assert dropped.retry_on == TODAY + 10 * DAY


WISHES = st.lists(
    st.sampled_from([LATE, VERY_LATE, GIVEN_NOTICE, THANKS, REMINDER]),
    unique_by=lambda each: each.loan_id,
)


@given(
    WISHES,
    st.integers(0, 47),
    st.lists(st.integers(0, 9), max_size=4),
    st.sets(st.sampled_from(list(Block))),
)
def test_every_wish_is_said_answered_or_waits(wishes, hours, contacts, blocked) -> None:
    """Nothing is lost, nothing said twice, nothing said that a restraint blocks."""
    held = (Restraint(Kind.STOP, TODAY, None, frozenset(blocked), "x"),) if blocked else ()
    recent = tuple(sorted(TODAY - each * DAY for each in contacts))
    now = NOON.replace(hour=0) + timedelta(hours=hours)
    choice = chosen(*wishes, now=now, recent_contacts=recent, restraints=held)
    answered = [each.about.loan_id for each in choice.not_said]
    answered += [each.loan_id for each in choice.by_people]
    said = [choice.say.loan_id] if choice.say else []
    if choice.wait_until:
        assert not said and choice.wait_until > now
    else:
        assert sorted([*answered, *said]) == sorted(each.loan_id for each in wishes)
    if choice.say:
        assert purpose_of(choice.say.wish.kind) not in blocked
        assert 9 <= now.hour < 19


def cleared(**changes) -> LoanWish:
    """A loan written off, of which everything was recovered."""
    soon = about("gone", CLEARANCE_LETTER, -20, closed=True)
    return replace(soon, standing=replace(soon.standing, outstanding=NOTHING, **changes))


def test_a_loan_written_off_hears_that_all_is_paid_and_nothing_else() -> None:
    assert chosen(cleared()).say == cleared()
    for kind in (THANK_YOU, "first_days_late", "reminder_before_due"):
        (never,) = chosen(about("gone", kind, 2, closed=True)).not_said
        assert never.reason == "recovery of this loan has ended"


def test_a_clearance_letter_is_dropped_if_something_is_owed_again() -> None:
    (never,) = chosen(cleared(loss=Components(1))).not_said
    assert (never.reason, never.retry_on) == ("something is owed again", None)


def test_a_clearance_letter_is_held_back_like_thanks() -> None:
    assert purpose_of(CLEARANCE_LETTER) is Block.THANKS


@pytest.mark.parametrize("wish", [LATE, VERY_LATE, GIVEN_NOTICE])
def test_nothing_is_said_of_arrears_while_it_is_quiet_after_a_payment(wish) -> None:
    tomorrow = TODAY + DAY
    choice = chosen(replace(wish, quiet_until=tomorrow), REMINDER)
    assert choice.say == REMINDER
    (dropped,) = choice.not_said
    assert (dropped.retry_on, "a payment came" in dropped.reason) == (tomorrow, True)
    assert chosen(replace(wish, quiet_until=TODAY)).say is not None


@pytest.mark.parametrize("wish", [REMINDER, THANKS, SORRY])
def test_another_word_may_be_said_on_the_day_of_a_payment(wish) -> None:
    assert chosen(replace(wish, quiet_until=TODAY + DAY)).say is not None


IN_PRE_ACTION = replace(CASE, target_stage=Stage.PRE_ACTION)
OFFER = replace(about("far", WAY_BACK, 95), case=IN_PRE_ACTION)


def test_an_offer_is_made_by_a_person_where_no_message_may_make_it() -> None:
    assert chosen(OFFER, REMINDER).say == OFFER
    seen = chosen(OFFER, REMINDER, email_privacy="shared", phone_privacy="shared")
    assert seen.say is None
    assert {each.about.loan_id: each.by_person for each in seen.not_said} == {
        "far": True,
        "soon": False,
    }
    nowhere = chosen(OFFER, REMINDER, email=None, phone=None)
    assert [each.by_person for each in nowhere.not_said] == [True, False]


def test_an_offer_of_before_is_not_made_once_the_case_has_moved_on() -> None:
    [dropped] = chosen(replace(OFFER, case=CASE)).not_said
    assert "moved on" in dropped.reason and not dropped.by_person
