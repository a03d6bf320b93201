"""What holds the system back, on which days, and which restraint is named for it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.adapters.dynamodb.codec import to_json
from recovery.documents.shared.plain import from_plain, from_row, to_plain, to_row
from recovery.domain.agreements.restraints import (
    EVERYTHING,
    MESSAGES,
    Block,
    Kind,
    Restraint,
    blocks,
    in_force,
    longest,
    next_dates,
    restraint_problems,
    rests,
)
from tests.builders import fields

TODAY = date(2026, 6, 1)
DAY = timedelta(days=1)
PROMISE = Restraint(
    Kind.PROMISE, TODAY, TODAY + 14 * DAY, frozenset({Block.ARREARS, Block.ESCALATION}), "promise"
)


@pytest.mark.parametrize(("days", "holds"), [(-1, False), (0, True), (14, True), (15, False)])
def test_both_days_count(days, holds) -> None:
    assert bool(in_force([PROMISE], TODAY + days * DAY)) == holds
    assert (blocks([PROMISE], Block.ESCALATION, TODAY + days * DAY) == PROMISE) == holds


def test_what_is_overdue_rests_while_arrears_are_blocked_as_a_whole() -> None:
    assert rests([PROMISE], TODAY)
    assert not rests([PROMISE], TODAY + 15 * DAY)
    assert not rests([replace(PROMISE, part=500)], TODAY)
    assert not rests([replace(PROMISE, blocks=frozenset({Block.CALLS}))], TODAY)


def test_it_blocks_what_it_says_and_nothing_else() -> None:
    held = {each for each in Block if blocks([PROMISE], each, TODAY)}
    assert held == PROMISE.blocks
    assert Block.THANKS in MESSAGES
    assert Block.CALLS not in MESSAGES


def test_without_an_end_it_holds_for_good() -> None:
    stop = replace(PROMISE, until=None)
    assert blocks([stop], Block.ESCALATION, date.max) == stop
    assert list(next_dates([stop], TODAY)) == []


@pytest.mark.parametrize(
    "changes", [{"kind": "a kind of tomorrow"}, {"blocks": frozenset({"visits", Block.CALLS})}]
)
def test_what_is_unknown_blocks_everything_while_it_lasts(changes) -> None:
    unknown = replace(PROMISE, **changes)
    assert all(blocks([unknown], each, TODAY) == unknown for each in Block)
    assert not any(blocks([unknown], each, TODAY - DAY) for each in Block)


def test_an_act_that_is_unknown_is_held_by_anything() -> None:
    assert blocks([PROMISE], "visits", TODAY) == PROMISE  # type: ignore[arg-type]
    assert blocks([PROMISE], "visits", TODAY - DAY) is None  # type: ignore[arg-type]
    assert blocks([], "visits", TODAY) is None  # type: ignore[arg-type]


def test_one_that_was_called_off_before_it_began_never_holds() -> None:
    off = replace(PROMISE, until=TODAY - DAY)
    assert not in_force([off], TODAY)
    assert list(next_dates([off], TODAY - 9 * DAY)) == []


def test_the_longest_is_named_and_the_end_of_one_lifts_no_other() -> None:
    dispute = replace(PROMISE, kind=Kind.DISPUTE, until=TODAY + 30 * DAY, part=5_000)
    stop = replace(PROMISE, kind=Kind.STOP, until=None)
    assert blocks([PROMISE, dispute], Block.ESCALATION, TODAY) == dispute
    assert blocks([dispute, PROMISE], Block.ESCALATION, TODAY + 20 * DAY) == dispute
    assert blocks([dispute, stop, PROMISE], Block.ESCALATION, TODAY) == stop
    assert blocks([dispute, stop], Block.CALLS, TODAY) is None


def test_the_dates_are_the_first_and_the_day_after_the_last() -> None:
    assert list(next_dates([PROMISE], TODAY - DAY)) == [TODAY, TODAY + 15 * DAY]
    assert list(next_dates([PROMISE], TODAY)) == [TODAY + 15 * DAY]
    assert list(next_dates([PROMISE], TODAY + 14 * DAY)) == [TODAY + 15 * DAY]
    assert list(next_dates([PROMISE], TODAY + 15 * DAY)) == []
    assert list(next_dates([replace(PROMISE, until=date.max)], TODAY)) == []


def test_the_words_name_kind_and_dates_but_no_reason() -> None:
    assert PROMISE.in_words() == "promise from 2026-06-01 until 2026-06-15"
    barred = replace(PROMISE, kind=Kind.TIME_BARRED, until=None)
    assert barred.in_words() == "time barred from 2026-06-01 until further notice"


days = st.integers(-40, 40).map(lambda offset: TODAY + offset * DAY)
restraints = st.lists(
    st.builds(
        Restraint,
        st.sampled_from([*Kind, "a kind of tomorrow"]),
        days,
        st.none() | days,
        st.frozensets(st.sampled_from([*Block, "visits"])),
        st.sampled_from(["form 7", "law"]),
        st.none() | st.integers(1, 9_999),
    ),
    max_size=4,
)


@given(restraints, days)
def test_what_is_held_changes_only_on_an_announced_date(held, as_of) -> None:
    def named(on: date) -> list[Restraint | None]:
        return [blocks(held, what, on) for what in Block]

    first = min(next_dates(held, as_of), default=TODAY + 60 * DAY)
    assert first > as_of
    on = as_of
    while on < first:
        assert named(on) == named(as_of), on
        on += DAY


@given(restraints, days, st.sampled_from(Block), st.randoms())
def test_the_order_they_came_in_decides_nothing(held, as_of, what, chance) -> None:
    shuffled = [*held]
    chance.shuffle(shuffled)
    one, other = blocks(held, what, as_of), blocks(shuffled, what, as_of)
    assert (one and one.in_words()) == (other and other.in_words())


@given(restraints, days, st.sampled_from(Block))
def test_one_more_restraint_frees_nothing(held, as_of, what) -> None:
    if blocks(held[1:], what, as_of):
        assert blocks(held, what, as_of)


@given(restraints)
def test_restraints_survive_storage_in_both_forms(held) -> None:
    for each in held:
        assert from_row(Restraint, to_row(each)) == each
        assert from_plain(Restraint, to_plain(each)) == each
        again = replace(each, blocks=frozenset(sorted(each.blocks, reverse=True)))
        assert to_json(to_row(again)) == to_json(to_row(each))


def test_none_of_none_is_longest() -> None:
    assert longest([]) is None


def test_a_sound_restraint_has_no_problems() -> None:
    assert not fields(restraint_problems(PROMISE))
    assert not fields(restraint_problems(replace(PROMISE, until=TODAY, part=1, blocks=EVERYTHING)))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "a kind of tomorrow"}, "kind"),
        ({"until": TODAY - DAY}, "until"),
        ({"blocks": frozenset()}, "blocks"),
        ({"blocks": frozenset({"visits"})}, "blocks"),
        ({"reason_code": " "}, "reason_code"),
        ({"reason_code": "a" * 41}, "reason_code"),
        ({"part": 0}, "part"),
    ],
)
def test_what_may_not_be_recorded_is_refused_by_field(changes, field) -> None:
    assert fields(restraint_problems(replace(PROMISE, **changes))) == {field}
