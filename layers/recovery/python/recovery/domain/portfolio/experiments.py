"""Experiments: does what we do help? People are assigned by their id, and what is counted is said
before it starts.

Nobody is denied what the law or need asks for: that is checked when an experiment is declared, and
again whenever it is used. What harms stops by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

from recovery.domain.agreements.restraints import Restraint, in_force
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import Stage
from recovery.domain.contact.education_policy import LESSON, SAVING_REMINDER
from recovery.domain.contact.warning_wish import OFFER_DUE_DAY
from recovery.domain.shared.assignment import arm_of
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import range_problems

Does = Literal["as_usual", "nothing", "delay", "signer", "text", "lesson"]
Who = Literal["everybody", "punctual", "not_punctual"]
# What may be left out: kind words that nobody needs and no law asks for. An offer is help: it may
# come in another way or later, never not at all.
MAY_BE_LEFT_OUT = frozenset(("reminder_before_due", "due_today", LESSON, SAVING_REMINDER))
# What may come in other words or from somebody else, and is said all the same.
MAY_BE_VARIED = MAY_BE_LEFT_OUT | {"first_days_late", "we_would_like_to_help", OFFER_DUE_DAY}
SECOND_WORDING = frozenset(("first_days_late",))  # kinds with a second text that was reviewed
_GENTLE = (Stage.PREVENTION, Stage.EARLY_MANAGEMENT)
_MOST_DELAY_DAYS = 2
_LONGEST = timedelta(days=730)


class OutcomeOf(StrEnum):
    """What is counted, as a share of people; each counts once."""

    ON_TIME = "on_time_next_instalment"
    CURE = "cure"
    RE_DEFAULT = "re_default"
    COMPLAINT = "complaint"
    OPT_OUT = "opt_out"


BAD = frozenset((OutcomeOf.RE_DEFAULT, OutcomeOf.COMPLAINT, OutcomeOf.OPT_OUT))
_LOOK_AFTER = {OutcomeOf.CURE: 30, OutcomeOf.RE_DEFAULT: 90, OutcomeOf.COMPLAINT: 30}
_TO_BE_POSTED = timedelta(days=3)  # money may be posted a little after its value date


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One way to treat ``percent`` of the people.

    ``nothing`` is a hold-out. ``value`` is the number of days of a ``delay``, who signs
    (``institution``), ``second_wording``, or the id of a lesson.
    """

    name: str
    percent: int
    does: Does
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """What is tried on whom, as it is declared before it starts.

    ``about`` are the kinds of messages it is about; the first of ``arms`` is compared with each of
    the others. ``outcome`` is what it is judged by; complaints and opt-outs are watched besides.
    People come in from ``start_on`` until before ``stop_on``.
    """

    experiment_id: str
    question: str
    about: tuple[str, ...]
    arms: tuple[Arm, ...]
    outcome: OutcomeOf
    start_on: date
    stop_on: date
    who: Who = "everybody"
    alpha_percent: int = 5

    @property
    def fingerprint(self) -> str:
        """A hash of all that was declared, so that nothing of it changes unseen."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]

    def arm_for(self, person_id: str) -> Arm | None:
        """Return the person's arm; None if they take no part."""
        percents = [(each.name, each.percent) for each in self.arms]
        name = arm_of(self.experiment_id, person_id, percents)
        return next((each for each in self.arms if each.name == name), None)


@dataclass(frozen=True, slots=True)
class Turn:
    """Who started or stopped it when, and why."""

    at: datetime
    by: str
    what: Literal["started", "stopped"]
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentRecord:
    """An experiment on record; ``declared`` is the fingerprint with which it started."""

    experiment: Experiment
    declared: str
    turns: tuple[Turn, ...]
    stopped_on: date | None = None
    version: int = 0

    def runs(self, on: date) -> bool:
        """Whether people come in on this day."""
        its = self.experiment
        return self.stopped_on is None and its.start_on <= on < its.stop_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A person in an experiment: what was decided on ``on`` about a loan, and when to look.

    ``due_date`` is the instalment looked at, ``late`` whether anything was overdue then.
    """

    experiment_id: str
    person_id: str
    arm: str
    loan_id: str
    on: date
    look_on: date
    due_date: date | None = None
    late: bool = False


def started(experiment: Experiment, by: str, at: datetime) -> ExperimentRecord:
    """Return the record of an experiment that starts."""
    turn = Turn(at, by, "started", experiment.question)
    return ExperimentRecord(experiment=experiment, declared=experiment.fingerprint, turns=(turn,))


def stopped(
    record: ExperimentRecord, by: str, why: str, at: datetime, on: date
) -> ExperimentRecord:
    """Return the record once it is stopped; nobody comes in any more, everybody is as usual."""
    turns = (*record.turns, Turn(at, by, "stopped", why))
    return replace(record, turns=turns, stopped_on=on)


def subject_of(
    experiment: Experiment,
    person_id: str,
    arm: Arm,
    loan_id: str,
    on: date,
    due_date: date | None,
    *,
    late: bool,
) -> Subject | None:
    """Return how the person comes in; None if there is nothing to look at for them."""
    outcome = experiment.outcome
    if outcome is OutcomeOf.ON_TIME:
        if due_date is None or late:
            return None
        look_on = due_date + _TO_BE_POSTED
    else:
        if (outcome is OutcomeOf.CURE) != late and outcome in (
            OutcomeOf.CURE,
            OutcomeOf.RE_DEFAULT,
        ):
            return None
        look_on = on + timedelta(days=_LOOK_AFTER.get(outcome, 30))
    return Subject(
        experiment_id=experiment.experiment_id,
        person_id=person_id,
        arm=arm.name,
        loan_id=loan_id,
        on=on,
        look_on=look_on,
        due_date=due_date,
        late=late,
    )


def takes_part(
    experiment: Experiment,
    kind: str,
    restraints: Iterable[Restraint],
    case: CaseState | None,
    as_of: date,
    *,
    punctual: bool,
) -> bool:
    """Whether this person may be in it now; whoever may not is treated as usual, and not counted.

    Nobody whom something holds back, and nobody for whom a notice or a step is near.
    """
    if kind not in experiment.about or kind not in MAY_BE_VARIED:
        return False
    if any(True for _ in in_force(restraints, as_of)):
        return False
    if case is not None and (case.stage not in _GENTLE or case.notice_on):
        return False
    return experiment.who == "everybody" or (experiment.who == "punctual") == punctual


def does_for(arm: Arm, kind: str) -> Does:
    """Return what the arm does, as usual where that would deny what may not be denied."""
    if arm.does in ("nothing", "delay") and kind not in MAY_BE_LEFT_OUT:
        return "as_usual"
    return arm.does


def experiment_problems(
    experiment: Experiment, running: Iterable[Experiment], today: date, lesson_ids: Iterable[str]
) -> Iterator[Problem]:
    """Yield everything wrong with the declaration; nothing if it may start."""
    name = experiment.experiment_id
    if not name.replace("-", "").isalnum() or name != name.lower() or not 3 <= len(name) <= 40:
        remedy = "Use 3 to 40 small letters, digits and hyphens"
        yield Problem("experiment_id", "is no short name", remedy)
    if not 10 <= len(experiment.question.strip()) <= 200:
        yield Problem("question", "must say what is to be found out", "Use 10 to 200 characters")
    if experiment.start_on < today:
        yield Problem("start_on", "is past", "Declare before it starts", "out_of_range")
    if not experiment.start_on < experiment.stop_on <= experiment.start_on + _LONGEST:
        yield Problem("stop_on", "must be within two years after start_on", "Give its last day")
    yield from range_problems("alpha_percent", experiment.alpha_percent, 1, 10)
    yield from _about_problems(experiment, running)
    yield from _arm_problems(experiment, frozenset(lesson_ids))


def _about_problems(experiment: Experiment, running: Iterable[Experiment]) -> Iterator[Problem]:
    if not experiment.about:
        yield Problem("about", "is empty", "Name a kind of message", "missing")
    for kind in experiment.about:
        if kind not in MAY_BE_VARIED:
            reason = f"names {kind}, which nobody may be denied or told otherwise"
            remedy = f"Use some of: {', '.join(sorted(MAY_BE_VARIED))}"
            yield Problem("about", reason, remedy, "not_allowed")
    for other in running:
        if other.experiment_id == experiment.experiment_id:
            yield Problem("experiment_id", "is in use", "Give it another", "conflict")
        elif shared := sorted({*other.about} & {*experiment.about}):
            reason = f"names {', '.join(shared)}, on which {other.experiment_id} runs"
            yield Problem("about", reason, "Wait until it ends, or stop it", "conflict")


def _arm_problems(experiment: Experiment, lesson_ids: frozenset[str]) -> Iterator[Problem]:
    arms = experiment.arms
    if not 2 <= len(arms) <= 4 or len({each.name for each in arms}) < len(arms):
        yield Problem("arms", "must be two to four, each with its own name", "Name them anew")
    if sum(each.percent for each in arms) > 100:
        yield Problem("arms", "take in more than 100 percent", "Lower a percent", "out_of_range")
    if arms and arms[0].does not in ("as_usual", "nothing"):
        remedy = "Put the arm that gets it as usual, or nothing, first"
        yield Problem("arms.0.does", "is nothing to compare with", remedy)
    for index, each in enumerate(arms):
        path = f"arms.{index}"
        yield from range_problems(f"{path}.percent", each.percent, 5, 95)
        if not each.name.replace("_", "").replace("-", "").isalnum() or len(each.name) > 20:
            yield Problem(f"{path}.name", "is no short name", "Use letters, digits and hyphens")
        for kind in experiment.about:
            if problem := _denies(each, kind, lesson_ids):
                yield problem.within(path)


def _denies(arm: Arm, kind: str, lesson_ids: frozenset[str]) -> Problem | None:
    """Return why the arm may not do this to the kind; None if it may."""
    match arm.does:
        case "nothing" if kind not in MAY_BE_LEFT_OUT:
            return Problem("does", f"leaves out {kind}, which people need", "Vary it instead")
        case "delay" if kind not in MAY_BE_LEFT_OUT:
            return Problem("does", f"delays {kind}, which people need", "Vary it instead")
        case "delay" if arm.value not in map(str, range(1, _MOST_DELAY_DAYS + 1)):
            return Problem("value", "is no number of days", f"Use 1 to {_MOST_DELAY_DAYS}")
        case "signer" if arm.value != "institution":
            return Problem("value", "names nobody who signs", "Use institution")
        case "text" if arm.value != "second_wording" or kind not in SECOND_WORDING:
            reason = f"names no text of {kind} that was reviewed"
            return Problem("value", reason, "Use second_wording, about first_days_late")
        case "lesson" if kind != LESSON or arm.value not in lesson_ids:
            return Problem("value", "names no lesson", f"Use one of: {', '.join(lesson_ids)}")
    return None


def silence_for_the_punctual(start_on: date, stop_on: date) -> Experiment:
    """Return the built-in experiment: whoever pays on time gets no reminder, or one as usual.

    It has people to compare only where the policy reminds everybody.
    """
    return Experiment(
        experiment_id="silence-for-the-punctual",
        question="Do people who pay on time go on doing so without any reminder?",
        about=("reminder_before_due", "due_today"),
        arms=(
            Arm(name="reminder", percent=50, does="as_usual"),
            Arm(name="silence", percent=50, does="nothing"),
        ),
        outcome=OutcomeOf.ON_TIME,
        start_on=start_on,
        stop_on=stop_on,
        who="punctual",
    )


def lessons_against_none(start_on: date, stop_on: date) -> Experiment:
    """Return the built-in experiment: of those who said yes, half get lessons only after it."""
    return Experiment(
        experiment_id="lessons",
        question="Do lessons help people to pay the next instalment on time?",
        about=(LESSON,),
        arms=(
            Arm(name="later", percent=50, does="nothing"),
            Arm(name="lessons", percent=50, does="as_usual"),
        ),
        outcome=OutcomeOf.ON_TIME,
        start_on=start_on,
        stop_on=stop_on,
    )


BUILT_IN = {
    "silence-for-the-punctual": silence_for_the_punctual,
    "lessons": lessons_against_none,
}
