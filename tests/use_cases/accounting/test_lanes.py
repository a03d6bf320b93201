"""Things of one lane are done in order; none is done twice, and none once time is up."""

from __future__ import annotations

from threading import Lock

from hypothesis import given
from hypothesis import strategies as st

from recovery.use_cases.accounting.lanes import in_lanes


@given(st.lists(st.integers(0, 5), max_size=60), st.integers(0, 60))
def test_each_is_done_once_in_the_order_of_its_lane(lanes: list[int], most: int) -> None:
    things, done, lock = list(enumerate(lanes)), list[tuple[int, int]](), Lock()
    left = [most]

    def time_is_left() -> bool:
        with lock:
            left[0] -= 1
            return left[0] >= 0

    def do(thing: tuple[int, int]) -> int:
        with lock:
            done.append(thing)
        return thing[0]

    found = in_lanes(things, lambda thing: thing[1], do, time_is_left)
    assert len(done) == len(set(done)) == min(most, len(things))
    assert [each for each in found if each is not None] == sorted(place for place, _ in done)
    for lane in set(lanes):
        begun = [place for place, of in done if of == lane]
        in_lane = [place for place, of in things if of == lane]
        assert begun == in_lane[: len(begun)]
