"""What a restructuring costs the lender: the change in net present value.

The forbearance test: a concession that lowers the net present value of what is owed by more than a
threshold is a diminished financial obligation, and so a default (EBA/GL/2016/07, section 7: 1 %).
Cash flows are discounted at the original effective interest rate, as there and in IFRS 9.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from recovery.domain.accounting.ledger import Ledger
from recovery.domain.accounting.loan import Instalment
from recovery.domain.schedules.contract import Contract

DIMINISHED_OBLIGATION_PCT = Decimal(1)
_ONE = Decimal(1)
_YEAR_DAYS = 365
_HIGHEST_RATE_FRACTION = Decimal(10_000)  # a million percent a year
_HALVINGS = 60
Flow = tuple[date, int]  # minor units


@dataclass(frozen=True, slots=True)
class PresentValueChange:
    """Net present values in minor units, at an effective annual rate (0.25 is 25 %)."""

    before_minor: int
    after_minor: int
    annual_rate_fraction: Decimal

    @property
    def loss_pct(self) -> Decimal:
        """The share of the value given up, in percent; negative if the lender gains."""
        if not self.before_minor:
            return Decimal(0)
        return Decimal(self.before_minor - self.after_minor) * 100 / self.before_minor

    @property
    def is_diminished_obligation(self) -> bool:
        """Whether the forbearance counts as a default."""
        return self.loss_pct > DIMINISHED_OBLIGATION_PCT


def present_value_change(
    schedule: tuple[Instalment, ...],
    contract: Contract,
    before: Ledger,
    after: Ledger,
    on: date,
    rate_pct: Decimal | None = None,
) -> PresentValueChange:
    """Value both ledgers on ``on``, at ``rate_pct`` or the original effective rate."""
    rate_fraction = (
        effective_rate_fraction(schedule, contract) if rate_pct is None else rate_pct / 100
    )
    return PresentValueChange(
        round(present_value(unpaid_flows(before), on, rate_fraction)),
        round(present_value(unpaid_flows(after), on, rate_fraction)),
        rate_fraction,
    )


def present_value(flows: Iterable[Flow], on: date, annual_rate_fraction: Decimal) -> Decimal:
    """Discount the flows to ``on`` by actual/365; flows already due count at face value."""
    a_year = _ONE + annual_rate_fraction
    # One root, then whole powers: a power with a fraction takes twenty times as long.
    a_day = a_year ** (_ONE / _YEAR_DAYS)
    total = Decimal(0)
    for due, minor in flows:
        years, days = divmod(max((due - on).days, 0), _YEAR_DAYS)
        total += minor / (a_year**years * a_day**days)
    return total


def effective_rate_fraction(schedule: Iterable[Instalment], contract: Contract) -> Decimal:
    """Find the annual rate at which scheduled principal, interest and fees are worth the principal
    at disbursement; the nominal rate if that date or such a rate is missing."""
    flows = [
        (each.due_date, each.due.principal + each.due.interest + each.due.fee) for each in schedule
    ]
    nominal_fraction = contract.annual_rate_pct / 100
    disbursed_on, principal_minor = contract.disbursed_on, contract.principal_minor
    if disbursed_on is None or not principal_minor:
        return nominal_fraction
    if sum(minor for _, minor in flows) <= principal_minor:
        return Decimal(0)
    low, high = Decimal(0), _HIGHEST_RATE_FRACTION
    if present_value(flows, disbursed_on, high) > principal_minor:
        return nominal_fraction
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if present_value(flows, disbursed_on, middle) > principal_minor:
            low = middle
        else:
            high = middle
    return high


def unpaid_flows(ledger: Ledger) -> Iterable[Flow]:
    """Yield what is unpaid on each instalment."""
    for (_, due_date, due), paid in zip(ledger.schedule, ledger.position.paid, strict=True):
        yield due_date, due.total - paid.total
