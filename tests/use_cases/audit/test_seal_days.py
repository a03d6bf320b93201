"""Each day on which a chain grew gets one root, in order, whatever was interrupted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from recovery.domain.shared.chain import ChainEntry
from recovery.domain.shared.daily_root import root_problems, tag_of
from recovery.use_cases.audit.seal_days import seal_days
from tests.fakes import FakeClock, FakeLoanChain, FakeRootStore

NOON = datetime(2026, 2, 2, 12, tzinfo=UTC)
FIRST = NOON.date()
DAY = timedelta(days=1)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
def ports(clock: FakeClock) -> Any:
    return SimpleNamespace(chain=FakeLoanChain(clock.now), roots=FakeRootStore())


def test_a_day_is_sealed_once_it_is_over(ports, clock) -> None:
    ports.chain.append("L-1", ChainEntry())
    assert seal_days("umoja", NOON, ports) == []
    clock.at = NOON + DAY
    ports.chain.append("L-1", ChainEntry())
    assert seal_days("umoja", clock.at, ports) == [FIRST]
    assert ports.roots.get(FIRST).chains[tag_of("umoja", "L-1")].position == 1
    assert seal_days("umoja", clock.at, ports) == []


def test_missed_days_are_made_up_and_each_root_follows_the_one_before(ports, clock) -> None:
    for days in (0, 1, 4):
        clock.at = NOON + days * DAY
        ports.chain.append("L-1", ChainEntry())
        ports.chain.append(f"L-{days + 2}", ChainEntry())
    made = seal_days("umoja", NOON + 6 * DAY, ports)
    assert made == [FIRST, FIRST + DAY, FIRST + 4 * DAY]
    first, second, last = (ports.roots.get(each) for each in made)
    assert (first.previous, second.previous, last.previous) == ("", first.seal, second.seal)
    assert len(last.chains) == 2


def test_a_crash_between_lock_and_note_goes_on_with_what_is_under_lock(ports, clock) -> None:
    ports.chain.append("L-1", ChainEntry())
    seal_days("umoja", NOON + DAY, ports)
    kept = ports.roots.get(FIRST)
    ports.chain._seals.clear()
    assert seal_days("umoja", NOON + DAY, ports) == [FIRST]
    assert ports.roots.get(FIRST) is kept
    assert ports.chain.last_seal() == (FIRST, kept.seal)


def test_another_at_the_same_work_is_left_to_it(ports) -> None:
    ports.chain.append("L-1", ChainEntry())
    ports.chain.last_seal = lambda: None
    assert seal_days("umoja", NOON + DAY, ports) == [FIRST]
    assert seal_days("umoja", NOON + DAY, ports) == []


def test_what_is_cut_off_after_a_root_shows(ports, clock) -> None:
    for _ in range(3):
        ports.chain.append("L-1", ChainEntry())
    seal_days("umoja", NOON + DAY, ports)
    root = ports.roots.get(date(2026, 2, 2))
    links, tag = ports.chain.links("L-1"), tag_of("umoja", "L-1")
    assert root_problems(tag, links, root) == []
    [found] = root_problems(tag, links[:2], root)
    assert found.position == 3
