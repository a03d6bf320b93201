from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from recovery.adapters.dynamodb.codec import ownership_from_json, ownership_to_json
from recovery.domain.accounting.owner_facts import (
    NEVER_CHANGED_HANDS,
    OwnerRecord,
    history_of,
    in_words,
    ownership_of,
)
from recovery.domain.accounting.ownership import (
    Medium,
    Owner,
    OwnerChange,
    OwnerHistory,
    Silence,
    SilentPeriod,
    TransferNotice,
    bought_back,
    owner_on,
    silence_on,
)

DAY = timedelta(days=1)
SOLD_ON, BACK_ON = date(2026, 6, 30), date(2026, 8, 10)
SALE = OwnerChange(
    change_id="list-7", kind="sale", executed_on=SOLD_ON, creditor="Fondo Norte", outside=True
)
NOTICE = TransferNotice(
    change_id="list-9", medium=Medium.LETTER, sent_on=date(2026, 8, 20), proof="RR1"
)
OF_SALE = replace(NOTICE, change_id="list-7", sent_on=date(2026, 7, 2))
BACK = bought_back(OwnerHistory("umoja", (SALE,)), "list-9", BACK_ON)


def record(fact: OwnerChange | TransferNotice) -> OwnerRecord:
    return OwnerRecord(
        record_id=fact.change_id,
        loan_id="L-1",
        fact=fact,
        known_on=date(2026, 9, 1),
        recorded_by="ana",
        recorded_at=datetime(2026, 9, 1, tzinfo=UTC),
    )


HISTORY = history_of("umoja", [record(each) for each in (NOTICE, OF_SALE, SALE, BACK)])


def test_each_record_takes_effect_on_the_day_after() -> None:
    assert record(SALE).on == date(2026, 7, 1)
    assert record(NOTICE).on == date(2026, 8, 21)


def test_the_history_is_that_of_the_records() -> None:
    assert OwnerHistory("umoja", (SALE, BACK), (NOTICE, OF_SALE)) == HISTORY


def test_a_loan_that_never_changed_hands_keeps_nothing() -> None:
    assert ownership_of(OwnerHistory("umoja")) is NEVER_CHANGED_HANDS
    assert NEVER_CHANGED_HANDS.owner_on(SOLD_ON, "umoja") == Owner("umoja")
    assert NEVER_CHANGED_HANDS.silence_on(SOLD_ON) is None
    assert ownership_to_json(NEVER_CHANGED_HANDS) is None


def test_a_loan_falls_silent_and_speaks_again_on_announced_days() -> None:
    kept = ownership_of(HISTORY)
    turns = [date(2026, 7, 1), BACK_ON + DAY, date(2026, 8, 21)]
    assert sorted({*kept.next_dates(date(2026, 6, 1))}) == turns
    assert sorted({*kept.next_dates(date(2026, 7, 1))}) == turns[1:]
    assert [*kept.next_dates(turns[-1])] == []
    on = [kept.silence_on(day - DAY) and kept.silence_on(day - DAY).why for day in turns]
    assert on == [None, Silence.OUTSIDE, Silence.NOT_TOLD]
    assert kept.silence_on(turns[-1]) is None


def test_only_days_of_another_owner_are_not_charged() -> None:
    (outside,) = ownership_of(HISTORY).outside
    assert (outside.from_date, outside.ends_on) == (SOLD_ON, BACK_ON)


def test_a_reason_of_a_later_version_keeps_the_loan_silent_all_the_same() -> None:
    unknown = SilentPeriod(SOLD_ON, None, "a reason of tomorrow")
    assert in_words(unknown) == "the loan is silent here"
    kept = replace(NEVER_CHANGED_HANDS, silent=(unknown,))
    assert ownership_from_json(ownership_to_json(kept)).silence_on(BACK_ON) == unknown


@given(st.integers(-5, 80))
def test_what_the_state_keeps_says_what_the_history_says(days) -> None:
    day, kept = SOLD_ON + days * DAY, ownership_of(HISTORY)
    kept = ownership_from_json(ownership_to_json(kept))
    assert kept.owner_on(day, "umoja") == owner_on(HISTORY, day)
    silent = kept.silence_on(day)
    assert (silent.why if silent else None) == silence_on(HISTORY, day)
