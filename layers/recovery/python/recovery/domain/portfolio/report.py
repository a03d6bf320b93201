"""The portfolio report: outstanding, portfolio at risk, write-offs and recoveries, by currency.

A loan counts at risk with its entire outstanding principal (CGAP, Sa-Dhan). Restructuring would
hide arrears, so forborne loans are shown apart, and so are paused ones, whose days do not count
against the borrower. Written-off loans are in neither part of the ratio. What fraud cost says
nothing about borrowers, so it is apart from write-offs and recoveries of credit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from recovery.domain.portfolio.cures import NO_CURES, Cures, cures_together
from recovery.domain.shared.rounding import to_multiple

AT_RISK_DAYS = (30, 60, 90)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedLoan:
    """One loan on the day of the report; amounts in minor units.

    ``loss_minor`` was written off so far and ``recovered_minor`` came in on it; a loan written off
    in part has both and is still in the book. ``fraud``: it is a loss by fraud.
    """

    currency: str
    creditor: str
    principal_minor: int
    outstanding_minor: int
    days_past_due: int
    forborne: bool = False
    paused: bool = False
    written_off_on: date | None = None
    loss_minor: int = 0
    recovered_minor: int = 0
    fraud: bool = False
    cures: tuple[Cures, ...] = ()


@dataclass(frozen=True, slots=True)
class Losses:
    """Loans written off whole, and what was written off and came in on it, in minor units."""

    loans: int = 0
    written_off_minor: int = 0
    recovered_minor: int = 0

    def plus(self, other: Losses) -> Losses:
        return Losses(
            self.loans + other.loans,
            self.written_off_minor + other.written_off_minor,
            self.recovered_minor + other.recovered_minor,
        )


@dataclass(frozen=True, slots=True)
class Part:
    """Some loans of a book: how many, and their outstanding principal."""

    loans: int = 0
    principal_minor: int = 0

    def plus(self, other: Part) -> Part:
        return Part(self.loans + other.loans, self.principal_minor + other.principal_minor)


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Loans more than ``over_days`` past due. Each is in one part: forborne before paused."""

    over_days: int
    ordinary: Part
    forborne: Part
    paused: Part

    @property
    def all(self) -> Part:
        return self.ordinary.plus(self.forborne).plus(self.paused)

    def plus(self, other: AtRisk) -> AtRisk:
        return AtRisk(
            self.over_days,
            self.ordinary.plus(other.ordinary),
            self.forborne.plus(other.forborne),
            self.paused.plus(other.paused),
        )


@dataclass(frozen=True, slots=True)
class CurrencyReport:
    """All loans in one currency; amounts in minor units.

    ``book`` has every loan that owes something and is not written off: the denominator of every
    share. ``forborne`` and ``paused`` are those of the book, late or not. ``credit`` are the losses
    because borrowers did not pay, ``fraud`` those because loans were never theirs. ``cures`` are
    what became of loans after a concession.
    """

    currency: str
    book: Part
    outstanding_minor: int
    at_risk: tuple[AtRisk, ...]
    forborne: Part
    paused: Part
    credit: Losses
    fraud: Losses
    cures: tuple[Cures, ...] = NO_CURES

    def share(self, part: Part) -> Fraction:
        """Return the part's share of the book's outstanding principal; 0 of an empty book."""
        gross = self.book.principal_minor
        return Fraction(part.principal_minor, gross) if gross else Fraction(0)

    def with_forborne(self, at_risk: AtRisk) -> Part:
        """Return what is at risk together with every other forborne loan, as MicroRate asks."""
        return at_risk.ordinary.plus(at_risk.paused).plus(self.forborne)

    def plus(self, other: CurrencyReport) -> CurrencyReport:
        """Add a report of other loans in the same currency."""
        return CurrencyReport(
            currency=self.currency,
            book=self.book.plus(other.book),
            outstanding_minor=self.outstanding_minor + other.outstanding_minor,
            at_risk=tuple(
                one.plus(more) for one, more in zip(self.at_risk, other.at_risk, strict=True)
            ),
            forborne=self.forborne.plus(other.forborne),
            paused=self.paused.plus(other.paused),
            credit=self.credit.plus(other.credit),
            fraud=self.fraud.plus(other.fraud),
            cures=cures_together(self.cures, other.cures),
        )


@dataclass(frozen=True, slots=True)
class PortfolioReport:
    """The report of one day, of one creditor or (None) of all."""

    as_of: date
    creditor: str | None
    currencies: tuple[CurrencyReport, ...]

    @property
    def loans(self) -> int:
        """Loans in the book, over all currencies."""
        return sum(each.book.loans for each in self.currencies)

    @property
    def written_off_loans(self) -> int:
        """Loans written off because they were not paid, over all currencies."""
        return sum(each.credit.loans for each in self.currencies)


def portfolio_report(
    loans: Iterable[ReportedLoan], as_of: date, creditor: str | None = None
) -> PortfolioReport:
    """Report these loans, or only those that ``creditor`` owns, as they were on ``as_of``."""
    found: dict[str, CurrencyReport] = {}
    for loan in loans:
        if creditor is None or loan.creditor == creditor:
            _add(found, _of_one(loan))
    return PortfolioReport(as_of, creditor, _in_order(found))


def merged(
    reports: Iterable[PortfolioReport], as_of: date, creditor: str | None
) -> PortfolioReport:
    """Add up reports of different loans, made for the same day and creditor."""
    found: dict[str, CurrencyReport] = {}
    for report in reports:
        for each in report.currencies:
            _add(found, each)
    return PortfolioReport(as_of, creditor, _in_order(found))


def percent(share: Fraction) -> str:
    """Write a share with one decimal, half to even: ``percent(Fraction(1, 8)) == "12.5%"``."""
    whole, tenths = divmod(to_multiple(share * 1000, "half_even"), 10)
    return f"{whole}.{tenths}%"


def _add(found: dict[str, CurrencyReport], report: CurrencyReport) -> None:
    known = found.get(report.currency)
    found[report.currency] = known.plus(report) if known else report


def _in_order(found: dict[str, CurrencyReport]) -> tuple[CurrencyReport, ...]:
    return tuple(found[currency] for currency in sorted(found))


def _of_one(loan: ReportedLoan) -> CurrencyReport:
    whole = Part(1, loan.principal_minor)
    in_book = loan.written_off_on is None and loan.outstanding_minor > 0

    def part(*, holds: bool) -> Part:
        return whole if in_book and holds else Part()

    def at_risk(over_days: int) -> AtRisk:
        late, paused = loan.days_past_due > over_days, loan.paused and not loan.forborne
        return AtRisk(
            over_days,
            ordinary=part(holds=late and not loan.forborne and not paused),
            forborne=part(holds=late and loan.forborne),
            paused=part(holds=late and paused),
        )

    is_whole = loan.written_off_on is not None
    losses = Losses(int(is_whole), loan.loss_minor, loan.recovered_minor)
    return CurrencyReport(
        currency=loan.currency,
        book=part(holds=True),
        outstanding_minor=loan.outstanding_minor if in_book else 0,
        at_risk=tuple(map(at_risk, AT_RISK_DAYS)),
        forborne=part(holds=loan.forborne),
        paused=part(holds=loan.paused),
        credit=Losses() if loan.fraud else losses,
        fraud=losses if loan.fraud else Losses(),
        cures=loan.cures or NO_CURES,
    )
