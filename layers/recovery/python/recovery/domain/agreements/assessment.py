"""Judge repayment capacity: accept, refer or decline, why, and what would make it yes.

Accept rests on what is proven alone. What might fit if everything told is true goes to a person.
What does not fit even then is a proposal to decline, which a person decides: nobody is declined by
this system alone (Regulation (EU) 2016/679 art. 22).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from recovery.domain.agreements.asked import Asked
from recovery.domain.agreements.capacity import Capacity, average, capacity_of, ceiling_of, shortage
from recovery.domain.agreements.capacity_rules import CapacityTerms
from recovery.domain.agreements.cash_flow import CashFlow, cash_flow
from recovery.domain.agreements.household import MONTHS, Household
from recovery.domain.agreements.policy import CapacityPolicy
from recovery.domain.agreements.scorecard import NO_SCORECARD, Facts, Score, ScoreFact, score
from recovery.domain.agreements.would_be_yes import Change, Measure, changes, fitted_due_day

_TENTH = Decimal("0.1")
_ALL_PERCENT = 100


class Verdict(StrEnum):
    """What the engine proposes; only accept needs nobody else."""

    ACCEPT = "accept"
    REFER = "refer"
    DECLINE = "decline"


ReasonCode = Literal[
    "fits",
    "share_too_high",
    "share_not_proven",
    "month_too_tight",
    "month_not_proven",
    "living_costs_unknown",
    "living_costs_raised",
    "debt_found_at_bureau",
    "debt_found_on_our_books",
    "guarantee_may_be_called",
    "above_attachable",
    "score_low",
    "score_incomplete",
    "knocked_out",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason, in figures; words for the applicant are made from it in their language.

    ``percents``: the share at the careful end, and if everything told is true; ``of_percent``: the
    cap; ``about``: a loan's id, or the scorecard's codes.
    """

    code: ReasonCode
    amount_minor: int = 0
    month: int | None = None
    percents: tuple[Decimal | None, Decimal | None] | None = None
    of_percent: int | None = None
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The judgement and what it follows from. ``verdict`` None: no loan was asked for.

    ``shares``: instalments in percent of income at both ends, with what is asked; None without
    income. ``believed`` is the capacity if everything told is true: shown, and never lent on.
    """

    verdict: Verdict | None
    reasons: tuple[Reason, ...]
    changes: tuple[Change, ...]
    careful: Capacity
    believed: Capacity
    flow: CashFlow
    shares: tuple[Decimal | None, Decimal | None]
    score: Score | None
    valid_until: date
    rule_ids: tuple[str, ...]


def assess(
    household: Household,
    asked: Asked | None,
    terms: CapacityTerms,
    policy: CapacityPolicy,
    on: date,
    known: Facts | None = None,
) -> Assessment:
    """Judge what the household can repay; ``known`` are facts of our own books for the scorecard.

    ``household.own_loans`` leaves out the loan that what is asked would replace.
    """
    flow = cash_flow(household, terms)
    careful = capacity_of(flow, terms, household.currency, proven=True)
    believed = capacity_of(flow, terms, household.currency, proven=False)
    measure = Measure(careful=careful, believed=believed, flow=flow, terms=terms, own=flow.own)
    asked_minor = average(asked.payments, asked.on) if asked else 0
    shares = _share(flow, asked_minor, proven=True), _share(flow, asked_minor, proven=False)
    points = None
    if policy.scorecard != NO_SCORECARD:
        facts = {**_facts(household, flow, asked, shares[0]), **(known or {})}
        points = score(policy.scorecard, facts)
    money = tuple(_money_reasons(asked, measure, shares)) if asked else ()
    notes = tuple(_notes(household, flow, terms, asked_minor))
    scored = tuple(_score_reasons(points)) if points else ()
    verdict = _verdict(asked, measure, points)
    fits = (Reason(code="fits"),) if verdict is Verdict.ACCEPT else ()
    proposed = list(changes(asked, measure, policy.longest_instalments)) if asked else []
    day = fitted_due_day(asked, household, terms.proven) if asked else None
    return Assessment(
        verdict=verdict,
        reasons=(*fits, *money, *scored, *notes),
        changes=(*proposed, day) if day else tuple(proposed),
        careful=careful,
        believed=believed,
        flow=flow,
        shares=shares,
        score=points,
        valid_until=on + timedelta(days=terms.valid_days),
        rule_ids=terms.rule_ids,
    )


def _verdict(asked: Asked | None, measure: Measure, points: Score | None) -> Verdict | None:
    if asked is None:
        return None
    if not measure.might_fit(asked) or (points and points.knocked_out):
        return Verdict.DECLINE
    if not measure.fits(asked) or (points and points.refers):
        return Verdict.REFER
    return Verdict.ACCEPT


def _share(flow: CashFlow, asked_minor: int, *, proven: bool) -> Decimal | None:
    income_minor = flow.average_income(proven=proven)
    if income_minor <= 0:
        return None
    taken = flow.average_elsewhere(proven=proven) + flow.average_own + asked_minor
    return (Decimal(taken * _ALL_PERCENT) / income_minor).quantize(_TENTH)


def _money_reasons(
    asked: Asked, measure: Measure, shares: tuple[Decimal | None, Decimal | None]
) -> Iterator[Reason]:
    """Yield why it does not fit: every cap it breaks, and the worst month."""
    taken = measure.flow.average_own + average(asked.payments, asked.on)
    for cap in measure.terms.caps:
        careful, believed = (
            taken > ceiling_of(cap, measure.flow, proven=proven) for proven in (True, False)
        )
        if careful:
            code: ReasonCode = "share_too_high" if believed else "share_not_proven"
            yield Reason(code=code, percents=shares, of_percent=cap.percent, about=cap.source)
    if measure.flow.living is None:
        yield Reason(code="living_costs_unknown")
    months = [
        shortage(replace(each, ceiling_minor=None), asked.payments, asked.on, measure.own)
        for each in (measure.careful, measure.believed)
    ]
    if months[1] is not None:
        yield Reason(code="month_too_tight", amount_minor=months[1].by_minor, month=months[1].month)
    elif months[0] is not None and measure.flow.living is not None:
        yield Reason(
            code="month_not_proven", amount_minor=months[0].by_minor, month=months[0].month
        )


def _notes(
    household: Household, flow: CashFlow, terms: CapacityTerms, asked_minor: int
) -> Iterator[Reason]:
    """Yield what to talk about; none of it decides."""
    for debt in flow.found:
        if debt.origin == "bureau":
            yield Reason(code="debt_found_at_bureau", amount_minor=debt.amount_minor)
        else:
            yield Reason(
                code="debt_found_on_our_books", amount_minor=debt.amount_minor, about=debt.loan_id
            )
    possible = sum(each.instalments_minor for each in household.guarantees if not each.called)
    if possible:
        yield Reason(code="guarantee_may_be_called", amount_minor=possible)
    if terms.living_minor is not None and household.expenses_by_month is not None:
        missing = terms.living_minor - min(household.expenses_by_month)
        if missing > 0:
            yield Reason(code="living_costs_raised", amount_minor=terms.living_minor)
    if terms.attachable is not None:
        most = terms.attachable.attachable_minor(flow.average_income(proven=True))
        taken = flow.average_elsewhere(proven=True) + flow.average_own + asked_minor
        if taken > most:
            yield Reason(code="above_attachable", amount_minor=most, about=terms.attachable.id)


def _score_reasons(points: Score) -> Iterator[Reason]:
    if points.knocked_out:
        yield Reason(code="knocked_out", about=", ".join(points.knocked_out))
    if points.is_low:
        yield Reason(code="score_low", about=", ".join(points.codes))
    if points.missing:
        yield Reason(code="score_incomplete", about=", ".join(points.missing))


def _facts(
    household: Household, flow: CashFlow, asked: Asked | None, share: Decimal | None
) -> dict[ScoreFact, Decimal]:
    """Return what the scorecard may look at, as far as this household tells it."""
    found: dict[ScoreFact, Decimal] = {"earners": Decimal(household.earners)}
    if share is not None:
        found["share_of_income_percent"] = share
    told = flow.average_income(proven=False)
    if told > 0:
        proven = max(flow.average_income(proven=True), 0)
        found["proven_income_percent"] = Decimal(proven * _ALL_PERCENT) / told
    debts = flow.average_elsewhere(proven=False) + flow.average_own
    if debts:
        undeclared = sum(each.amount_minor for each in flow.found)
        found["undeclared_debt_percent"] = Decimal(undeclared * _ALL_PERCENT) / debts
    else:
        found["undeclared_debt_percent"] = Decimal(0)
    if flow.living is not None and any(flow.living):
        found["savings_months"] = Decimal(household.savings_minor * MONTHS) / sum(flow.living)
    if asked and asked.terms:
        collateral = Decimal(household.collateral_minor * _ALL_PERCENT)
        found["collateral_percent"] = collateral / asked.terms.principal_minor
    return found
