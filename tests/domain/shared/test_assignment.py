"""The same person is in the same arm, always, and chance shares people out."""

from collections import Counter

from recovery.domain.shared.assignment import arm_of

HALVES = (("a", 50), ("b", 50))
PEOPLE = [f"B-{each}" for each in range(4_000)]


def test_it_never_changes() -> None:
    """These are on record: another way to assign would move people between arms."""
    found = [arm_of("lessons", each, HALVES) for each in ("B-1", "B-2", "B-3", "B-4", "B-5")]
    assert found == ["b", "a", "b", "a", "a"]


def test_the_arms_get_their_shares_and_the_rest_is_left_out() -> None:
    counted = Counter(arm_of("x", each, (("a", 20), ("b", 30))) for each in PEOPLE)
    assert abs(counted["a"] - 800) < 100 and abs(counted["b"] - 1_200) < 120
    assert abs(counted[None] - 2_000) < 130


def test_each_experiment_shuffles_anew() -> None:
    same = sum(arm_of("x", each, HALVES) == arm_of("y", each, HALVES) for each in PEOPLE)
    assert abs(same - 2_000) < 130


def test_more_people_in_an_arm_moves_nobody_out_of_it() -> None:
    for each in PEOPLE[:500]:
        if arm_of("x", each, (("a", 20),)) == "a":
            assert arm_of("x", each, (("a", 40),)) == "a"
