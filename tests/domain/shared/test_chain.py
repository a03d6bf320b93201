"""Whoever alters, deletes, moves or puts in an entry is found, by position; an erasure holds."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.shared.chain import (
    Attest,
    ChainEntry,
    Link,
    chain_problems,
    digest_of,
    next_link,
    record_problems,
    start_of,
)

START = start_of("umoja", "L-1")
NOON = datetime(2026, 2, 2, 12, tzinfo=UTC)


def a_chain(size: int, *, start: str = START) -> list[Link]:
    chain: list[Link] = []
    for number in range(1, size + 1):
        said = Attest(f"FACT#F-{number}", digest_of(f"fact {number}"))
        entry = ChainEntry(by="ana", about=f"F-{number}", records=(said,))
        at = NOON + timedelta(minutes=number)
        head = chain[-1] if chain else None
        chain.append(next_link(head, start, entry, at=at, salt=f"salt-{number}"))
    return chain


def stored(size: int) -> dict[str, str]:
    return {f"FACT#F-{n}": digest_of(f"fact {n}") for n in range(1, size + 1)}


def positions(chain: list[Link]) -> set[int]:
    return {each.position for each in chain_problems(chain, START)}


sizes = st.integers(3, 12)


@given(sizes)
def test_a_chain_that_nobody_touched_holds(size: int) -> None:
    chain = a_chain(size)
    assert positions(chain) == set()
    assert list(record_problems(chain, stored(size))) == []


@given(sizes, st.randoms())
def test_an_altered_entry_is_named(size: int, chance: random.Random) -> None:
    chain = a_chain(size)
    index = chance.randrange(size)
    content = (chain[index].content or "").replace("ana", "eva")
    chain[index] = replace(chain[index], content=content)
    assert positions(chain) == {index + 1}


@given(sizes, st.randoms())
def test_one_altered_with_its_hashes_made_anew_is_named_by_what_follows(
    size: int, chance: random.Random
) -> None:
    chain = a_chain(size)
    index = chance.randrange(size - 1)
    before = chain[index - 1] if index else None
    entry = ChainEntry(by="eva", about="F-1")
    chain[index] = next_link(before, START, entry, at=chain[index].at, salt="new")
    assert positions(chain) == {index + 1}


@given(sizes, st.randoms())
def test_a_deleted_entry_is_named(size: int, chance: random.Random) -> None:
    chain = a_chain(size)
    index = chance.randrange(size - 1)  # what is missing at the end, a root shows
    del chain[index]
    assert min(positions(chain)) == index + 1


@given(sizes, st.randoms())
def test_two_that_changed_places_are_named(size: int, chance: random.Random) -> None:
    chain = a_chain(size)
    one, other = sorted(chance.sample(range(size), 2))
    first, last = chain[one], chain[other]
    chain[one] = replace(last, position=first.position)
    chain[other] = replace(first, position=last.position)
    assert {one + 1, other + 1} <= positions(chain)


@given(sizes, st.randoms())
def test_an_entry_that_was_put_in_is_named(size: int, chance: random.Random) -> None:
    chain = a_chain(size)
    index = chance.randrange(1, size)
    forged = next_link(chain[index - 1], START, ChainEntry(by="eva"), at=NOON, salt="x")
    moved = [replace(each, position=each.position + 1) for each in chain[index:]]
    assert min(positions([*chain[:index], forged, *moved])) == index + 1


def test_another_loans_chain_does_not_pass() -> None:
    assert positions(a_chain(3, start=start_of("umoja", "L-2"))) == {1}


@given(sizes, st.randoms())
def test_what_was_erased_holds_and_tells_nothing(size: int, chance: random.Random) -> None:
    chain = a_chain(size)
    index = chance.randrange(size)
    chain[index] = replace(chain[index], content=None, salt=None)
    assert positions(chain) == set()
    assert chain[index].entry is None
    left = {k: v for k, v in stored(size).items() if k != f"FACT#F-{index + 1}"}
    assert list(record_problems(chain, left)) == []


def test_a_text_without_its_salt_is_no_erasure() -> None:
    chain = a_chain(3)
    chain[1] = replace(chain[1], salt=None)
    assert positions(chain) == {2}


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_record_that_was_changed_or_removed_is_named(number: int) -> None:
    source = f"FACT#F-{number}"
    changed = stored(3) | {source: digest_of("another fact")}
    [found] = record_problems(a_chain(3), changed)
    assert (found.position, found.source) == (number, source)
    removed = {k: v for k, v in stored(3).items() if k != source}
    [found] = record_problems(a_chain(3), removed)
    assert (found.position, found.source) == (number, source)
    assert list(record_problems(a_chain(3), removed, gone=[source])) == []


def test_of_a_record_that_changed_lawfully_the_last_entry_counts() -> None:
    before, after = digest_of("open"), digest_of("decided")
    chain: list[Link] = []
    for digest in (before, after):
        entry = ChainEntry(records=(Attest("DECISION#D-1", digest),))
        head = chain[-1] if chain else None
        chain.append(next_link(head, START, entry, at=NOON, salt=digest))
    assert list(record_problems(chain, {"DECISION#D-1": after})) == []
    [found] = record_problems(chain, {"DECISION#D-1": before})
    assert found.position == 2
    assert (
        list(record_problems(chain, {"DECISION#D-1": before}, never_changed=["DECISION#D-1"])) == []
    )
