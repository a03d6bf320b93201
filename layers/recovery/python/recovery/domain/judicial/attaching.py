"""What may be attached of a month's income: never the part that the law leaves to the debtor."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.domain.accounting.court_steps import CourtStep
from recovery.domain.accounting.fact import Recorded
from recovery.domain.agreements.capacity_rules import AttachableRule
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.money import Money


def attached_problems(
    step: CourtStep, recorded: Recorded, rule: AttachableRule | None, currency: str
) -> Iterator[Problem]:
    """Yield why so much may not be attached; ``rule`` is the one in force in this currency.

    What was attached of the same month counts too. Where no rule is known, a person names the order
    by which it was attached.
    """
    if step.step != "attached" or step.amount_minor is None:
        return
    if step.income_minor is None:
        remedy = "Give the month's income that it is taken from: a part of it may not be touched"
        yield Problem("income", "is missing", remedy, "missing")
        return
    if rule is None:
        if not step.reference:
            reason = "is missing, and no rule known here says how much may be attached"
            yield Problem("reference", reason, "Name the order of the court", "missing")
        return
    most_minor = rule.attachable_minor(step.income_minor)
    before_minor = sum(each.amount_minor or 0 for each in _same_month(step, recorded))
    if before_minor + step.amount_minor > most_minor:
        most, income = (Money(minor, currency) for minor in (most_minor, step.income_minor))
        before = f", {Money(before_minor, currency)} of it before" if before_minor else ""
        reason = (
            f"is more than the {most} that may be attached of {income} a month{before}"
            f" ({rule.id}: {rule.source})"
        )
        yield Problem("amount", reason, "Have the court give back what is above it", "out_of_range")


def _same_month(step: CourtStep, recorded: Recorded) -> Iterator[CourtStep]:
    month = (step.on.year, step.on.month)
    for each in recorded.counting():
        fact = each.fact
        if not isinstance(fact, CourtStep) or fact.step != "attached":
            continue
        if (fact.on.year, fact.on.month) == month:
            yield fact
