"""Whether a loan gets a collective relief, and the reasons why one does not, or why a person
decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from recovery.domain.accounting.loan import Loan
from recovery.domain.agreements.relief_rule import ReliefRule
from recovery.domain.shared.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One borrower's request: ``number`` is its row from 1.

    ``applicant`` is who asked, None for the borrower; ``proof`` the id of a paper;
    ``objected_by`` another debtor who objected in writing.
    """

    number: int
    loan_id: str
    applied_on: date
    applicant: str | None = None
    proof: str = ""
    turnover_minor: int | None = None
    objected_by: str | None = None


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a loan does not get it. ``by_person``: a person has to decide, no rule does."""

    code: str
    reason: str
    by_person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefCase:
    """What decides on one loan at ``today``. ``stage`` is that of its case.

    ``debtors`` and ``guarantors`` are those in force. ``last_version_on`` is when its schedule was
    changed last. ``is_elsewhere``: another institution owns or handles it.
    """

    loan: Loan
    today: date
    owed_minor: int
    debtors: frozenset[str]
    guarantors: frozenset[str] = frozenset()
    secured: bool = False
    is_closed: bool = False
    is_elsewhere: bool = False
    before_court: bool = False
    has_plan: bool = False
    last_version_on: date | None = None


def why_not(rule: ReliefRule, case: ReliefCase, asked: Application | None) -> tuple[WhyNot, ...]:
    """Return every reason why the loan does not get it by the rule; none if it does."""
    return (*_of_loan(rule, case), *_of_request(rule, case, asked), *_of_record(rule, case, asked))


def is_for_a_person(reasons: tuple[WhyNot, ...]) -> bool:
    """Whether a person has to decide, as nothing refuses it outright."""
    return bool(reasons) and all(each.by_person for each in reasons)


def _of_loan(rule: ReliefRule, case: ReliefCase) -> Iterator[WhyNot]:
    for name, own in rule.whom.outside(case.loan):
        if own is None:
            yield WhyNot(f"{name}_unknown", f"nobody said which {name} the loan has", True)
        else:
            yield WhyNot(f"other_{name}", f"{name} {own} is none of those it is for")
    if rule.whom.secured is not None and rule.whom.secured != case.secured:
        yield WhyNot("security", "secured" if case.secured else "not secured")
    if not case.owed_minor or case.is_closed:
        yield WhyNot("nothing_owed", "nothing falls due on it any more")
    if case.is_elsewhere:
        yield WhyNot("elsewhere", "another institution owns or handles it")


def _of_request(rule: ReliefRule, case: ReliefCase, asked: Application | None) -> Iterator[WhyNot]:
    if asked is None:
        if rule.on_application:
            yield WhyNot("not_asked", "nobody asked for it")
        return
    if asked.applied_on > case.today:
        yield WhyNot("too_early", f"asked on {asked.applied_on}, which is to come")
    if asked.applied_on < rule.valid_from:
        yield WhyNot("too_early", f"asked on {asked.applied_on}, before {rule.valid_from}")
    if rule.valid_to is not None and asked.applied_on > rule.valid_to:
        yield WhyNot("too_late", f"asked on {asked.applied_on}, after {rule.valid_to}")
    if asked.applicant is not None and asked.applicant not in case.debtors:
        yield WhyNot("not_a_debtor", f"{asked.applicant} is no debtor of the loan")
    if rule.needs_proof and not asked.proof:
        yield WhyNot("proof_missing", "there is no proof yet", True)
    if asked.objected_by is not None:
        who = asked.objected_by
        if who in case.debtors:
            yield WhyNot("objection", f"{who} objected in writing", True)
        else:
            yield WhyNot("objector_unknown", f"{who}, who objected, is no debtor", True)
    yield from _of_turnover(rule, case, asked)


def _of_turnover(rule: ReliefRule, case: ReliefCase, asked: Application) -> Iterator[WhyNot]:
    largest_minor, currency = rule.largest_turnover_minor, rule.currency or case.loan.currency
    if largest_minor is None or case.loan.profile.purpose not in ("business", "mixed"):
        return
    if asked.turnover_minor is None:
        yield WhyNot("turnover_unknown", "nobody said what the business turns over", True)
    elif asked.turnover_minor > largest_minor:
        yield WhyNot("turnover", f"turns over more than {Money(largest_minor, currency)} a year")


def _of_record(rule: ReliefRule, case: ReliefCase, asked: Application | None) -> Iterator[WhyNot]:
    start = rule.starts(asked.applied_on if asked else None)
    if start > case.today:
        yield WhyNot("starts_later", f"it begins on {start}; run it again then")
    if case.loan.disbursed_on > start:
        yield WhyNot("lent_later", f"lent on {case.loan.disbursed_on}, after it began")
    if case.guarantors and rule.moves_due_dates and not rule.by_law:
        names = ", ".join(sorted(case.guarantors))
        yield WhyNot("guarantors", f"more time frees {names} without a consent", True)
    if case.last_version_on and case.last_version_on > start and rule.moves_due_dates:
        reason = f"its schedule was changed on {case.last_version_on}, since it began"
        yield WhyNot("new_schedule", reason, True)
    if case.has_plan:
        yield WhyNot("plan", "a payment plan is in force, which ends or goes on", True)
    if case.before_court:
        yield WhyNot("court", "a claim is filed: the court has to be told", True)
