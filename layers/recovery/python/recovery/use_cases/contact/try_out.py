"""What an experiment makes of a message that is about to be said; nothing for most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.choose import LoanWish
from recovery.domain.contact.who_hears import needs_reminder
from recovery.domain.policy import Policy
from recovery.domain.portfolio.experiments import (
    MAY_BE_VARIED,
    Arm,
    Experiment,
    Subject,
    does_for,
    subject_of,
    takes_part,
)
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import HasExperiments


@dataclass(frozen=True, slots=True)
class TriedOut:
    """How it is said: with ``why_not`` not at all, or not before ``retry_on``."""

    why_not: str | None = None
    retry_on: date | None = None
    signed_by: str = ""
    wording: str = ""
    lesson_id: str | None = None


AS_USUAL = TriedOut()


def try_out(
    about: LoanWish,
    stored: StoredLoan,
    borrower: Borrower,
    policy: Policy,
    as_of: date,
    ports: HasExperiments,
) -> TriedOut:
    """Return how the experiment that runs on such messages lets it be said to this person.

    The person comes in with the first message that would go to them, whichever arm they are in, and
    is told apart by nothing else. Who may not take part now is treated as usual.
    """
    kind = about.wish.kind
    if kind not in MAY_BE_VARIED:
        return AS_USUAL
    running = (e.experiment for e in ports.experiments.all() if e.runs(as_of))
    experiment = next((each for each in running if kind in each.about), None)
    if experiment is None or not _may(experiment, about, stored, borrower, policy, as_of):
        return AS_USUAL
    arm = experiment.arm_for(borrower.borrower_id)
    subject = _come_in(experiment, arm, about, borrower, as_of, ports) if arm else None
    if arm is None or subject is None:
        return AS_USUAL
    return _of(arm, kind, subject, as_of)


def _may(
    experiment: Experiment,
    about: LoanWish,
    stored: StoredLoan,
    borrower: Borrower,
    policy: Policy,
    as_of: date,
) -> bool:
    changed_on = policy.contact.account_changed_on
    needs = needs_reminder(stored.loan, stored.state.position, as_of, changed_on)
    restraints = (*borrower.restraints, *about.restraints)
    return takes_part(
        experiment, about.wish.kind, restraints, about.case, as_of, punctual=not needs
    )


def _come_in(
    experiment: Experiment,
    arm: Arm,
    about: LoanWish,
    borrower: Borrower,
    as_of: date,
    ports: HasExperiments,
) -> Subject | None:
    """Return how the person came in, now or before; None if there is nothing to look at."""
    standing, person_id = about.standing, borrower.borrower_id
    if known := ports.experiments.subject(experiment.experiment_id, person_id):
        return known
    subject = subject_of(
        *(experiment, person_id, arm, about.loan_id, as_of, standing.next_due_date),
        late=standing.days_past_due > 0,
    )
    if subject:
        ports.experiments.enrol(subject)
    return subject


def _of(arm: Arm, kind: str, subject: Subject, as_of: date) -> TriedOut:
    name = f"experiment {subject.experiment_id}, arm {subject.arm}"
    match does_for(arm, kind):
        case "nothing":
            return TriedOut(why_not=f"left out on purpose: {name}")
        case "delay":
            on = subject.on + timedelta(days=int(arm.value))
            return TriedOut(f"put off on purpose: {name}", on) if as_of < on else AS_USUAL
        case "signer":
            return TriedOut(signed_by=arm.value)
        case "text":
            return TriedOut(wording=arm.value)
        case "lesson":
            return TriedOut(lesson_id=arm.value)
        case _:
            return AS_USUAL
