"""What may be tried on whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.documents.shared.plain import from_plain, to_plain
from recovery.domain.agreements.restraints import Restraint
from recovery.domain.cases.stage import CaseState, Stage
from recovery.domain.contact.answers import PROMISE_REMINDER
from recovery.domain.contact.plan import (
    APOLOGY,
    CLEARANCE_LETTER,
    DECIDED,
    NOTICE,
    PLEASE_CALL,
    THANK_YOU,
)
from recovery.domain.contact.rewards import LOAN_END_THANKS
from recovery.domain.portfolio.experiments import (
    BUILT_IN,
    Arm,
    Experiment,
    ExperimentRecord,
    OutcomeOf,
    does_for,
    experiment_problems,
    started,
    stopped,
    subject_of,
    takes_part,
)
from tests.builders import fields

TODAY, DAY = date(2026, 3, 2), timedelta(days=1)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LESSONS = BUILT_IN["lessons"](TODAY, TODAY + 180 * DAY)
LESSON_IDS = ("late_costs",)


def problems(experiment: Experiment, *running: Experiment) -> set[str]:
    return fields(experiment_problems(experiment, running, TODAY, LESSON_IDS))


@pytest.mark.parametrize("name", BUILT_IN)
def test_what_is_built_in_may_start(name: str) -> None:
    assert problems(BUILT_IN[name](TODAY, TODAY + 180 * DAY)) == set()


@pytest.mark.parametrize(
    "kind",
    [
        *(NOTICE, THANK_YOU, APOLOGY, CLEARANCE_LETTER, PLEASE_CALL, PROMISE_REMINDER),
        *(*sorted(DECIDED), LOAN_END_THANKS, "after_a_missed_promise", "meeting_with_your_advisor"),
    ],
)
def test_nobody_is_denied_what_law_or_need_asks_for(kind: str) -> None:
    """Notices, answers, rights, being told that something is paid: at declaration and at use."""
    about = replace(LESSONS, about=(kind,))
    assert problems(about) >= {"about"}
    assert not takes_part(about, kind, (), None, TODAY, punctual=True)


@pytest.mark.parametrize("kind", ["first_days_late", "we_would_like_to_help", "offer_due_day"])
def test_what_people_need_may_be_varied_and_never_left_out(kind: str) -> None:
    out = replace(LESSONS, about=(kind,))
    assert problems(out) == {"arms.0.does"}
    late = replace(out.arms[1], does="delay", value="1")
    assert "arms.1.does" in problems(replace(out, arms=(out.arms[1], late)))
    # Even if it came on record somehow, at its use nobody is denied it.
    assert does_for(out.arms[0], kind) == does_for(late, kind) == "as_usual"
    usual = Arm(name="usual", percent=50, does="as_usual")
    signer = Arm(name="house", percent=50, does="signer", value="institution")
    assert problems(replace(out, arms=(usual, signer))) == set()


def test_whoever_is_restrained_or_near_a_step_takes_no_part() -> None:
    held = Restraint("hardship", TODAY - DAY, None, frozenset({"calls"}), "x")
    early = CaseState("C", TODAY, Stage.EARLY_MANAGEMENT, TODAY)
    judicial = CaseState("C", TODAY, Stage.JUDICIAL_RECOVERY, TODAY)
    cases = [judicial, replace(early, notice_on=TODAY)]
    assert takes_part(LESSONS, "lesson", (), early, TODAY, punctual=True)
    assert not takes_part(LESSONS, "lesson", (held,), None, TODAY, punctual=True)
    assert not any(takes_part(LESSONS, "lesson", (), e, TODAY, punctual=True) for e in cases)
    assert not takes_part(LESSONS, "due_today", (), None, TODAY, punctual=True)
    silence = BUILT_IN["silence-for-the-punctual"](TODAY, TODAY + DAY)
    assert takes_part(silence, "due_today", (), None, TODAY, punctual=True)
    assert not takes_part(silence, "due_today", (), None, TODAY, punctual=False)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"experiment_id": "Bad Name"}, {"experiment_id"}),
        ({"question": "Why?"}, {"question"}),
        ({"start_on": TODAY - DAY}, {"start_on"}),
        ({"stop_on": TODAY}, {"stop_on"}),
        ({"stop_on": TODAY + 731 * DAY}, {"stop_on"}),
        ({"alpha_percent": 50}, {"alpha_percent"}),
        ({"about": ()}, {"about"}),
        ({"arms": LESSONS.arms[:1]}, {"arms"}),
        ({"arms": (LESSONS.arms[0], LESSONS.arms[0])}, {"arms"}),
        ({"arms": tuple(replace(e, percent=60) for e in LESSONS.arms)}, {"arms"}),
        ({"arms": (LESSONS.arms[0], replace(LESSONS.arms[1], percent=1))}, {"arms.1.percent"}),
        ({"arms": (LESSONS.arms[0], replace(LESSONS.arms[1], does="lesson", value="x"))},
         {"arms.1.value"}),
        ({"arms": (LESSONS.arms[0], replace(LESSONS.arms[1], does="text", value="mine"))},
         {"arms.1.value"}),
        ({"arms": (LESSONS.arms[0], replace(LESSONS.arms[1], does="delay", value="9"))},
         {"arms.1.value"}),
        ({"arms": (replace(LESSONS.arms[0], does="signer", value="institution"),
                   LESSONS.arms[1])}, {"arms.0.does"}),
    ],
)  # fmt: skip
def test_a_declaration_that_cannot_work_is_refused(changes, wrong) -> None:
    assert problems(replace(LESSONS, **changes)) == wrong


def test_two_on_the_same_messages_do_not_run_together() -> None:
    other = replace(LESSONS, experiment_id="other")
    assert problems(LESSONS, other) == {"about"}
    assert problems(LESSONS, LESSONS) == {"experiment_id"}


def test_what_was_declared_is_kept_and_an_end_is_for_good() -> None:
    record = started(LESSONS, "ana", NOW)
    assert record.declared == LESSONS.fingerprint
    assert replace(LESSONS, alpha_percent=10).fingerprint != LESSONS.fingerprint
    assert record.runs(TODAY) and not record.runs(LESSONS.stop_on)
    after = stopped(record, "review", "it harms", NOW, TODAY + DAY)
    assert not after.runs(TODAY + DAY)
    assert [each.what for each in after.turns] == ["started", "stopped"]
    again = from_plain(ExperimentRecord, to_plain(after))
    assert again == after and again.experiment.fingerprint == again.declared


def test_everybody_is_in_one_arm_and_looked_at_when_it_can_be_seen() -> None:
    arms = {LESSONS.arm_for(f"B-{each}").name for each in range(50)}
    assert arms == {"later", "lessons"}
    arm, due = LESSONS.arms[0], TODAY + 20 * DAY
    subject = subject_of(LESSONS, "B-1", arm, "L-1", TODAY, due, late=False)
    assert subject.look_on == due + 3 * DAY
    assert subject_of(LESSONS, "B-1", arm, "L-1", TODAY, None, late=False) is None
    cure = replace(LESSONS, outcome=OutcomeOf.CURE)
    assert subject_of(cure, "B-1", arm, "L-1", TODAY, due, late=False) is None
    assert subject_of(cure, "B-1", arm, "L-1", TODAY, due, late=True).look_on == TODAY + 30 * DAY
    again = replace(LESSONS, outcome=OutcomeOf.RE_DEFAULT)
    assert subject_of(again, "B-1", arm, "L-1", TODAY, due, late=True) is None
