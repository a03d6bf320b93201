"""Which lesson comes next."""

from hypothesis import given
from hypothesis import strategies as st

from recovery.documents.contact.curriculum import curriculum
from recovery.domain.agreements.learning import Learning
from recovery.domain.contact.lessons import lesson_for
from recovery.domain.monitoring.pattern import PatternKind
from recovery.domain.monitoring.segments import Segment

KNOWN = curriculum()
YES = Learning(wanted=True)


def next_id(learning: Learning, segment: Segment | None = None, *patterns: PatternKind) -> str:
    lesson = lesson_for(KNOWN, learning, segment, patterns)
    return lesson.lesson_id if lesson else "nothing"


def test_without_a_yes_there_is_none() -> None:
    assert next_id(Learning()) == next_id(Learning(wanted=False)) == "nothing"


def test_a_pattern_comes_before_a_segment_and_both_before_the_order() -> None:
    assert next_id(YES) == KNOWN.ids[0]
    assert next_id(YES, Segment.STRAINED) == "income_falls"
    shown = PatternKind.SEVERAL_LOANS_ONE_STRAIN
    assert next_id(YES, Segment.STRAINED, shown) == "other_debts"
    assert next_id(YES, Segment.NOT_ENGAGING) == "your_rights"


def test_who_is_strained_hears_what_helps_and_not_what_a_delay_costs() -> None:
    late = PatternKind.LATE_LAST_TIME
    assert next_id(YES, Segment.STRAINED, late) == "income_falls"
    assert next_id(YES, Segment.FORGETFUL, late) == "late_costs"


def test_every_pattern_and_segment_that_a_lesson_names_is_known_and_ids_are_unique() -> None:
    assert len(set(KNOWN.ids)) == len(KNOWN.ids) >= 8
    assert all(each.right in (1, 2) for each in KNOWN.lessons)
    assert {each.right for each in KNOWN.lessons} == {1, 2}
    named = frozenset[Segment]().union(*(each.segments for each in KNOWN.lessons))
    assert named == frozenset(Segment)


def test_what_was_not_answered_comes_once_more_at_the_end_the_oldest_first() -> None:
    all_given = Learning(wanted=True, given=KNOWN.ids, done=KNOWN.ids[2:-1])
    assert next_id(all_given) == KNOWN.ids[0]
    only_last = Learning(wanted=True, given=KNOWN.ids, done=KNOWN.ids[:-1])
    assert next_id(only_last) == KNOWN.ids[-1]
    assert next_id(Learning(wanted=True, given=KNOWN.ids, done=KNOWN.ids)) == "nothing"


@given(
    st.lists(st.sampled_from(KNOWN.ids), unique=True),
    st.sampled_from([None, *Segment]),
    st.sets(st.sampled_from(list(PatternKind))),
)
def test_nothing_new_is_skipped_and_nothing_done_comes_again(done, segment, patterns) -> None:
    lesson = lesson_for(
        KNOWN, Learning(wanted=True, given=tuple(done), done=tuple(done)), segment, patterns
    )
    assert (lesson is None) == (len(done) == len(KNOWN.ids))
    assert lesson is None or lesson.lesson_id not in done
