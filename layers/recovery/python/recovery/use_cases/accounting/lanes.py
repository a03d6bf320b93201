"""Do many things at once, yet one after another where they touch the same loan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
_AT_ONCE = 8


def in_lanes(
    things: Sequence[T],
    lane_of: Callable[[T], Hashable],
    do: Callable[[T], R],
    time_is_left: Callable[[], bool],
) -> list[R | None]:
    """Do each thing; those of one lane in their order, different lanes at once.

    Returns what came of each, in the order of the things; None for one that was not begun, because
    no time was left. ``do`` is called from several threads, and must not raise.
    """
    lanes: dict[Hashable, list[int]] = defaultdict(list)
    for place, thing in enumerate(things):
        lanes[lane_of(thing)].append(place)
    done: list[R | None] = [None] * len(things)

    def drive(lane: Sequence[int]) -> None:
        for place in lane:
            if not time_is_left():
                return
            done[place] = do(things[place])

    longest_first = sorted(lanes.values(), key=len, reverse=True)
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        list(threads.map(drive, longest_first))
    return done
