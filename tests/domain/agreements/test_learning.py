"""A person's yes, goal and progress."""

from datetime import date

from recovery.documents.shared.plain import from_plain, to_plain
from recovery.domain.agreements.learning import (
    NOTHING_LEARNED,
    GoalSet,
    Learning,
    LessonDone,
    LessonsChoice,
    learning_problems,
    with_fact,
    with_given,
)
from tests.builders import fields

ON = date(2026, 3, 2)


def test_nobody_learns_without_a_yes_and_a_stop_keeps_the_progress() -> None:
    assert NOTHING_LEARNED.mark == ""
    learner = with_fact(NOTHING_LEARNED, LessonsChoice(ON, wanted=True))
    assert learner.mark == "l"
    learner = with_fact(learner, GoalSet(ON, 2_500, "EUR"))
    assert learner.mark == "ls"
    learner = with_given(learner, "late_costs", "L-1/lesson/2026-03-02", ON)
    stopped = with_fact(learner, LessonsChoice(ON, wanted=False))
    assert stopped.mark == "" and stopped.given == ("late_costs",)
    assert with_fact(learner, GoalSet(ON)).mark == "l"


def test_a_lesson_is_open_until_it_is_answered() -> None:
    learner = with_given(Learning(wanted=True), "late_costs", "m", ON)
    assert learner.open_lesson == "late_costs"
    done = with_fact(learner, LessonDone(ON, "late_costs", 1))
    assert done.open_lesson is None and done.done == ("late_costs",)
    assert with_fact(done, LessonDone(ON, "late_costs", 1)) == done


def test_a_lesson_done_with_an_advisor_is_not_given_again() -> None:
    done = with_fact(Learning(wanted=True, given=("a",)), LessonDone(ON, "b"))
    assert done.given == ("b", "a") and done.open_lesson == "a"


def test_it_is_kept_small() -> None:
    ids = [f"lesson_number_{each}" for each in range(8)]
    whole = Learning(
        True, tuple(ids), ON, "L-2026-000001/lesson/2026-03-02", tuple(ids), 2_500, "EUR"
    )
    assert len(str(to_plain(whole))) < 600
    assert from_plain(Learning, to_plain(whole)) == whole
    assert to_plain(NOTHING_LEARNED) == {}


def test_what_is_wrong_is_said() -> None:
    assert fields(learning_problems(LessonDone(ON, "x"), ["a"])) == {"lesson_id"}
    assert fields(learning_problems(GoalSet(ON, 0, "EUR"), [])) == {"amount"}
    assert fields(learning_problems(GoalSet(ON, 5), [])) == {"currency"}
    assert fields(learning_problems(GoalSet(ON), [])) == set()
