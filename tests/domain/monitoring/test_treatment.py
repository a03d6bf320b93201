"""Who hears what before a due date; punctual and new borrowers nothing, whatever a policy says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recovery.domain.monitoring.early_warning import (
    CAREFUL_DEFAULTS,
    SelfCure,
    WarningPolicy,
    cures_alone,
)
from recovery.domain.monitoring.pattern import PatternKind as Kind
from recovery.domain.monitoring.segments import Segment
from recovery.domain.monitoring.treatment import (
    DEFAULT_TREATMENTS,
    Treatment,
    treatment_for,
    treatment_problems,
)
from tests.builders import FIRST_DUE


@pytest.mark.parametrize(
    ("band", "segment", "because", "acts"),
    [
        ("likely", Segment.STRAINED, (Kind.SHRINKING_PAYMENTS,), ("call",)),
        ("likely", Segment.UNREACHABLE, (Kind.LATE_LAST_TIME,), ("call",)),
        ("likely", Segment.FORGETFUL, (Kind.DRIFTING_LATER,), ("offer_due_day", "call")),
        ("likely", Segment.FORGETFUL, (Kind.LATE_LAST_TIME,), ("reminder",)),
        ("likely", Segment.IRREGULAR_INCOME, (Kind.SEASONAL,), ("offer_due_day",)),
        ("possible", Segment.FORGETFUL, (Kind.LATE_LAST_TIME,), ("reminder",)),
        ("possible", Segment.IRREGULAR_INCOME, (Kind.IRREGULAR_BUT_SOUND,), ()),
        ("unlikely", Segment.STRAINED, (Kind.ROLLED_RISK,), ()),
    ],
)
def test_the_first_treatment_that_fits_is_used(band, segment, because, acts) -> None:
    assert treatment_for(DEFAULT_TREATMENTS, band, segment, because) == acts


@pytest.mark.parametrize("segment", [Segment.PUNCTUAL, Segment.NEW])
def test_whoever_pays_on_time_or_is_new_hears_nothing(segment: Segment) -> None:
    everyone = (Treatment(band="likely", acts=("call",)),)
    assert treatment_for(everyone, "likely", segment, ()) == ()


def test_the_defaults_are_usable_and_an_institution_may_choose_a_lesson() -> None:
    assert list(treatment_problems(DEFAULT_TREATMENTS)) == []
    lesson = (Treatment(band="likely", segment=Segment.FORGETFUL, acts=("lesson",)),)
    assert list(treatment_problems(lesson)) == []
    assert treatment_for(lesson, "likely", Segment.FORGETFUL, ()) == ("lesson",)


@pytest.mark.parametrize(
    "wrong",
    [
        Treatment(band="unlikely", acts=("call",)),
        Treatment(band="likely", segment=Segment.PUNCTUAL, acts=("reminder",)),
        Treatment(band="likely", acts=("call", "call")),
        Treatment(band="likely", acts=("reminder", "offer_due_day")),
    ],
)
def test_a_treatment_that_would_bother_people_is_refused(wrong: Treatment) -> None:
    assert [each.field.split(".")[:2] for each in treatment_problems((wrong,))] == [
        ["treatments", "0"]
    ]


def test_two_treatments_of_the_same_people_are_refused() -> None:
    twice = (Treatment(band="likely", acts=("call",)), Treatment(band="likely"))
    assert [each.field for each in treatment_problems(twice)] == ["treatments.1"]


@pytest.mark.parametrize(("percent", "alone"), [(89, False), (90, True)])
def test_a_segment_that_cures_by_itself_is_left_alone(percent: int, alone: bool) -> None:
    known = SelfCure(segment=Segment.FORGETFUL, percent=percent)
    weights = replace(CAREFUL_DEFAULTS, version="own", trials=500, self_cure=(known,))
    policy = WarningPolicy(weights=(weights,))
    assert cures_alone(policy, Segment.FORGETFUL, FIRST_DUE) == alone
    assert not cures_alone(policy, Segment.STRAINED, FIRST_DUE)
    assert not cures_alone(WarningPolicy(), Segment.FORGETFUL, FIRST_DUE)  # not known: not assumed
