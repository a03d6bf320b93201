"""The stages of recovery, and the rule that decides where a case should be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from recovery.domain.agreements.restraints import Block, Kind, Restraint, blocks, longest
from recovery.domain.agreements.restraints import next_dates as dates_of_restraints
from recovery.domain.cases.court_path import next_look, on_court_path, renews
from recovery.domain.cases.policy import CasePolicy
from recovery.domain.cases.stages import (
    BEFORE_COURT_ON,
    CONTINUE_AS_NEW,
    IN_COURT,
    WAITING,
    Outcome,
    Stage,
    in_words,
    lacks,
)
from recovery.domain.monitoring.behaviour import RiskSignal
from recovery.domain.monitoring.delinquency import Standing, delinquent_on, past_due_on
from recovery.domain.shared.in_words import days_in_words
from recovery.domain.shared.limits import MAX_DAYS
from recovery.domain.shared.money import Money

_PASSING = (Kind.PROMISE, Kind.STOP)
_QUESTIONS = (Kind.DISPUTE, Kind.COMPLAINT)


@dataclass(frozen=True, slots=True)
class CaseState:
    """What has been asked of an open case so far; the execution follows.

    ``target_stage`` is the stage last requested. ``current_since`` is the first date since which
    nothing is overdue, ``notice_on`` the date of the notice before judicial recovery,
    ``judicial_not_before`` the end of the pause after a person declined it. ``signals`` counts the
    signals sent. ``held_at`` is the stage in which a case was put on hold. ``definition`` is the
    version of the state machine that the execution runs. ``notice_paid_minor`` is what had been
    paid in all when the notice was given, ``notice_overdue_minor`` what was overdue.
    ``answered_on`` is the last day on which the person answered in words, or was visited.
    """

    case_id: str
    opened_on: date
    target_stage: Stage
    target_stage_since: date
    current_since: date | None = None
    notice_on: date | None = None
    judicial_not_before: date | None = None
    signals: int = 0
    execution_number: int = 1
    execution_since: date | None = None
    execution_signals: int = 0
    held_at: Stage | None = None
    definition: int = 1
    notice_paid_minor: int = 0
    notice_overdue_minor: int = 0
    answered_on: date | None = None

    @property
    def stage(self) -> Stage:
        """The stage that it is in, or was in when put on hold."""
        return self.held_at or self.target_stage


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a case should go, and why; ``until`` when a hold is known to end."""

    to: str
    reason: str
    until: date | None = None


def decide(
    policy: CasePolicy,
    standing: Standing,
    risks: tuple[RiskSignal, ...],
    case: CaseState | None,
    as_of: date,
    currency: str,
    *,
    restraints: tuple[Restraint, ...] = (),
    collectible: Standing | None = None,
    hold_from_days: int = MAX_DAYS,
    ready: str = "",
    news: bool = False,
    court: str = "",
) -> Decision | None:
    """Decide where this loan's case should go at ``as_of``; None if it should stay put.

    Without a case, one opens if the loan is delinquent or shows a risk signal. A case never opens
    beyond intermediate recovery, and goes to pre-action only from there, after a notice and time to
    answer it; to judicial recovery only from pre-action, once that is ``ready``, for this reason.
    It eases as soon as the standing does, and goes further only by what is ``collectible``: a
    dispute holds a case, and never eases it. ``news``, facts since the last review, renew a dossier
    that was not filed yet, and its approval. ``court`` says whether a claim is with the court
    (see ``court_path``): facts say so, no decision here. A restraint only ever holds a case where
    it is (see ``bar_to``), and puts it on hold if it lasts (see ``lasting``), or where the
    agreement is kept if that is all that holds it; easing, ending and continuing as new go on.
    """
    undisputed = collectible or standing
    if case is None:
        return _opening(policy, undisputed, risks, currency, restraints, court)
    if standing.outstanding.total == 0:
        return Decision(Outcome.PAID_OFF, "everything owed is paid")
    cured = _cured(policy, risks, case, as_of)
    if cured:
        return cured
    target, reason = _ladder(policy, standing, currency)
    if _is_later(target, case.stage):
        target, reason = _ladder(policy, undisputed, currency)
        if not _is_later(target, case.stage):
            target = case.stage
    target, reason = _amicable_first(policy, case, as_of, target, reason, ready)
    target, reason = on_court_path(case.stage, target, reason, court, restraints, as_of)
    hold = lasting(restraints, as_of, hold_from_days)
    keeps = case.target_stage is Stage.KEEP_AGREEMENT and target is Stage.PREVENTION
    if keeps and _has_plan(restraints, as_of, hold_from_days):
        return _continue_as_new(policy, case, as_of)  # nothing is overdue, and parts are to come
    if hold and target is not Stage.PREVENTION:
        others = tuple(each for each in restraints if each.kind != Kind.AGREEMENT)
        is_on_hold = lasting(others, as_of, hold_from_days) is not None
        to = Stage.ON_HOLD if is_on_hold else Stage.KEEP_AGREEMENT
        if case.target_stage is to:
            return _continue_as_new(policy, case, as_of)
        return Decision(to, _held(hold), hold.until)
    bar = bar_to(target, case.stage, restraints, as_of)
    is_barred = bar is not None and target is not Stage.IN_PROCEEDINGS  # that was filed is a fact
    if case.target_stage in WAITING:
        to = case.stage if is_barred else target
        return Decision(to, f"the hold has ended; {reason}")
    if renews(case.target_stage, target):
        is_older = case.target_stage is target and lacks(case.definition, target)
        if news or is_older:
            why = "facts came since the dossier" if news else "it needs a dossier"
            return Decision(target, f"{why}; {reason}")
    elif target is not case.target_stage and not is_barred:
        return Decision(target, reason)
    return _continue_as_new(policy, case, as_of)


def bar_to(
    to: Stage, stage: Stage, restraints: tuple[Restraint, ...], as_of: date
) -> Restraint | None:
    """Return the restraint that bars a case from this stage to a later one; None if it may go.

    A block on escalation bars every later stage, one on judicial steps those from pre-action on.
    """
    if not _is_later(to, stage):
        return None
    steps = [Block.ESCALATION, *([Block.JUDICIAL] if to in BEFORE_COURT_ON else [])]
    bars = (blocks(restraints, step, as_of) for step in steps)
    return longest(bar for bar in bars if bar)


def lasting(
    restraints: tuple[Restraint, ...], as_of: date, hold_from_days: int
) -> Restraint | None:
    """Return the restraint that puts a case on hold: it bars later stages, and lasts this long.

    A promise and a stop never do; a question that waits for its answer only once it has waited
    this long; a payment plan while it is in force, however short.
    """
    least = timedelta(days=hold_from_days)
    held = (each for each in restraints if each.holds(as_of) and each.kind not in _PASSING)
    return longest(
        each
        for each in held
        if Block.ESCALATION in each.blocked() and _lasts_from(each, least) <= as_of
    )


def _has_plan(restraints: tuple[Restraint, ...], as_of: date, hold_from_days: int) -> bool:
    plans = tuple(each for each in restraints if each.kind == Kind.AGREEMENT)
    return lasting(plans, as_of, hold_from_days) is not None


def _lasts_from(restraint: Restraint, least: timedelta) -> date:
    """Return the day from which the restraint puts a case on hold; a far one if it never does."""
    if restraint.kind == Kind.AGREEMENT:  # once it is breached, a person calls
        return restraint.from_on if Block.CALLS in restraint.blocked() else date.max
    if restraint.until is None:
        asked = restraint.kind in _QUESTIONS
        return restraint.from_on + least if asked else restraint.from_on
    return restraint.from_on if restraint.until - restraint.from_on >= least else date.max


def _held(restraint: Restraint) -> str:
    """Say why a case is on hold; the reason travels far, so it names no kind."""
    ends = f"until {restraint.until}" if restraint.until else "until further notice"
    named = f" by {restraint.fact_id}" if restraint.fact_id else ""
    return f"escalation is held {ends}{named}"


def _is_later(to: Stage, stage: Stage) -> bool:
    order = tuple(Stage)
    return order.index(to) > order.index(stage)


def _opening(
    policy: CasePolicy,
    standing: Standing,
    risks: tuple[RiskSignal, ...],
    currency: str,
    restraints: tuple[Restraint, ...],
    court: str,
) -> Decision | None:
    """Open a case at its stage. Opening records that a person should look, which is no pressure, so
    a restraint does not prevent it; but where escalation is held, the case opens no further than
    early management. What is with the court already opens there."""
    if standing.outstanding.total == 0:
        return None
    stage, reason = _ladder(policy, standing, currency)
    if court and stage is not Stage.PREVENTION:
        return Decision(Stage.IN_PROCEEDINGS, f"{reason}; a claim is with the court")
    if stage is Stage.JUDICIAL_RECOVERY:
        reason += "; nothing amicable has been tried yet, so the case opens one stage earlier"
        stage = Stage.INTERMEDIATE_RECOVERY
    bar = bar_to(stage, Stage.EARLY_MANAGEMENT, restraints, standing.as_of)
    if bar:  # the reason travels far, so it names no kind
        ends = f"until {bar.until}" if bar.until else "until further notice"
        reason += f"; escalation is held {ends}, so the case opens in early management"
        return Decision(Stage.EARLY_MANAGEMENT, reason)
    if stage is not Stage.PREVENTION:
        return Decision(stage, reason)
    if risks and standing.days_past_due == 0:
        return Decision(stage, "; ".join(f"{risk.name}: {risk.evidence}" for risk in risks))
    return None


def _cured(
    policy: CasePolicy, risks: tuple[RiskSignal, ...], case: CaseState, as_of: date
) -> Decision | None:
    """End the case once nothing has been overdue for the probation. A write-off ends it too, but
    that is for people to decide (``write_offs``)."""
    if case.current_since is None or case.target_stage is not Stage.PREVENTION or risks:
        return None
    current_days = (as_of - case.current_since).days
    if current_days >= policy.probation_days:
        calm, needed = days_in_words(current_days), policy.probation_days
        reason = f"nothing overdue for {calm}, probation is {needed}"
        return Decision(Outcome.CURED, reason)
    return None


def _ladder(policy: CasePolicy, standing: Standing, currency: str) -> tuple[Stage, str]:
    """Pick the stage by days delinquent alone."""
    days, ladder = standing.days_delinquent, policy.stages
    steps = (
        (ladder.judicial_recovery_from_days, Stage.JUDICIAL_RECOVERY),
        (ladder.intermediate_recovery_from_days, Stage.INTERMEDIATE_RECOVERY),
        (ladder.early_management_from_days, Stage.EARLY_MANAGEMENT),
    )
    for from_days, stage in steps:
        if days >= from_days:
            late, overdue = days_in_words(days), Money(standing.overdue.total, currency)
            reason = (
                f"{late} delinquent, {overdue} overdue since {standing.oldest_due_date};"
                f" {in_words(stage)} starts at {from_days}"
            )
            return stage, reason
    if standing.days_past_due:
        late = days_in_words(standing.days_past_due)
        return Stage.PREVENTION, f"{late} past due, within the grace days"
    return Stage.PREVENTION, "nothing is overdue"


def _amicable_first(
    policy: CasePolicy, case: CaseState, as_of: date, target: Stage, reason: str, ready: str
) -> tuple[Stage, str]:
    """Allow pre-action only from intermediate recovery, after an unanswered notice, and judicial
    recovery only from pre-action, once that is ready.

    A case on this way goes back once the notice is answered, until people approved it.
    """
    if target is not Stage.JUDICIAL_RECOVERY or case.stage in (Stage.FILING, *IN_COURT):
        return target, reason
    if case.stage in (Stage.PRE_ACTION, target):
        if case.notice_on is None:  # also after a hold, however long it was
            return Stage.INTERMEDIATE_RECOVERY, "the notice before judicial recovery is answered"
        if case.stage is target:
            return target, reason
        return (target, f"{reason}; {ready}") if ready else (case.stage, "pre-action goes on")
    if case.stage is not Stage.INTERMEDIATE_RECOVERY:
        return Stage.INTERMEDIATE_RECOVERY, reason + "; amicable recovery comes first"
    paused = case.judicial_not_before is not None and as_of < case.judicial_not_before
    answer_by = _answer_by(policy, case)
    if paused or answer_by is None or as_of < answer_by:
        return case.stage, "amicable recovery is not exhausted"
    return Stage.PRE_ACTION, reason + f"; the notice of {case.notice_on} went unanswered"


def notice_since(case: CaseState) -> date:
    """Return since when a notice counts: since the present stage, or the end of the last pause."""
    return max(case.target_stage_since, case.judicial_not_before or case.target_stage_since)


def _answer_by(policy: CasePolicy, case: CaseState) -> date | None:
    """Return the day the time to answer the notice is over; None without a notice.

    It counts from the notice, or from the case's present stage if that came later (where escalation
    was held): otherwise amicable recovery could last one day.
    """
    if case.notice_on is None:
        return None
    return max(case.notice_on, case.target_stage_since) + timedelta(days=policy.notice_days)


def _continue_as_new(policy: CasePolicy, case: CaseState, as_of: date) -> Decision | None:
    age_days = (as_of - (case.execution_since or case.opened_on)).days
    if age_days >= policy.continue_as_new_days:
        return Decision(CONTINUE_AS_NEW, f"this execution has run for {age_days} days")
    if case.execution_signals >= policy.continue_as_new_signals:
        return Decision(
            CONTINUE_AS_NEW, f"this execution has taken {case.execution_signals} signals"
        )
    return None


def next_dates(
    policy: CasePolicy,
    standing: Standing,
    case: CaseState | None,
    *,
    restraints: tuple[Restraint, ...] = (),
    hold_from_days: int = MAX_DAYS,
) -> Iterator[date]:
    """Yield dates on which ``decide`` may change its answer if nothing is paid, or a write-off may
    be proposed; some may be past."""
    yield from dates_of_restraints(restraints, standing.as_of)
    least = timedelta(days=hold_from_days)
    yield from (_lasts_from(each, least) for each in restraints if each.holds(standing.as_of))
    day = timedelta(days=1)
    ladder = policy.stages
    for from_days in (
        ladder.early_management_from_days,
        ladder.intermediate_recovery_from_days,
        ladder.judicial_recovery_from_days,
    ):
        if on := delinquent_on(standing, from_days):
            yield on
    limit = policy.write_off_from_days
    if limit is not None and (on := past_due_on(standing, limit)):
        yield on
    if case:
        if case.opened_on == standing.as_of and lasting(restraints, standing.as_of, hold_from_days):
            yield standing.as_of + day  # opened, it goes on hold
        execution_since = case.execution_since or case.opened_on
        continues_on = execution_since + policy.continue_as_new_days * day
        yield max(continues_on, standing.as_of + day)  # if another decision went first
        if case.current_since:
            cured_on = case.current_since + policy.probation_days * day
            moved_today = case.target_stage_since == standing.as_of
            yield max(cured_on, standing.as_of + day) if moved_today else cured_on
        if answer_by := _answer_by(policy, case):
            yield answer_by
        if case.judicial_not_before:
            yield case.judicial_not_before
        if case.target_stage is Stage.PRE_ACTION:
            yield next_look(case.target_stage_since, standing.as_of)
