"""A household's money as JSON: what capacity is judged by, and no field for anything else."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from recovery.documents.questions.loan_question import Body
from recovery.documents.shared.fields import Amount, Identifier
from recovery.documents.shared.problems import ProblemList
from recovery.domain.agreements.household import (
    MONTHS,
    BureauFigure,
    Business,
    DeclaredDebt,
    Evidence,
    Guarantee,
    Household,
    Income,
    Months,
    OwnLoan,
    Source,
    steady,
)

_A_YEAR = {"week": 52, "fortnight": 26, "month": 12, "year": 1}
_Count = Annotated[int, Field(ge=0, le=50)]
_Earner = Annotated[int, Field(ge=1, le=50)]
_PayDay = Annotated[int, Field(ge=1, le=31)]


class MoneyBody(Body):
    """An amount for each week, fortnight, month or year; or ``by_month``: twelve, January first."""

    amount: Amount | None = None
    per: Literal["week", "fortnight", "month", "year"] = "month"
    by_month: Annotated[list[Amount], Field(min_length=MONTHS, max_length=MONTHS)] | None = None


def _amount_alone(value: object) -> object:
    return {"amount": value} if isinstance(value, str | int) else value


Money = Annotated[MoneyBody, BeforeValidator(_amount_alone, json_schema_input_type=MoneyBody | str)]


class IncomeBody(Body):
    """What one earner brings home. ``evidence``: verified by who pays it, documented, observed on a
    visit, declared, or unknown. ``pay_day``: the day of the month on which it comes."""

    source: Source
    amount: Money
    evidence: Evidence
    earner: _Earner = 1
    pay_day: _PayDay | None = None


class BusinessBody(Body):
    """A business: what it sells and what that costs."""

    sales: Money
    costs: Money
    evidence: Evidence
    earner: _Earner = 1
    pay_day: _PayDay | None = None


class DebtBody(Body):
    """Instalments on a debt that the person told of; ``with_us``: it is one of our own loans."""

    instalments: Money
    with_us: bool = False


class BureauBody(Body):
    """A month's instalments by the credit bureau."""

    instalments: Amount
    includes_ours: bool = False


class GuaranteeBody(Body):
    """A month's instalments of a loan that the person secures; ``called``: the person pays it."""

    instalments: Amount
    called: bool = False


class OwnLoanBody(Body):
    """The instalments of a loan on our own books."""

    loan_id: Identifier
    instalments: Money


class HouseholdBody(Body):
    """One household: people who live of the same money. Leave ``expenses`` out if they are not
    known."""

    adults: Annotated[int, Field(ge=1, le=50)] = 1
    children: _Count = 0
    incomes: list[IncomeBody] = Field(default=[], max_length=50)
    businesses: list[BusinessBody] = Field(default=[], max_length=50)
    expenses: Money | None = None
    debts: list[DebtBody] = Field(default=[], max_length=50)
    bureau: BureauBody | None = None
    guarantees: list[GuaranteeBody] = Field(default=[], max_length=50)
    savings: Amount = "0"
    collateral: Amount = "0"


def read_household(
    body: HouseholdBody, own_loans: list[OwnLoanBody], problems: ProblemList, path: str
) -> Household:
    """Convert to the domain's value; problems name its fields."""
    reader = _Reader(problems)
    incomes = [
        Income(
            source=each.source,
            by_month=reader.months(each.amount, f"{path}.incomes.{index}.amount", up=False),
            evidence=each.evidence,
            earner=each.earner,
            pay_day=each.pay_day,
        )
        for index, each in enumerate(body.incomes)
    ]
    businesses = [
        Business(
            sales_by_month=reader.months(each.sales, f"{path}.businesses.{index}.sales", up=False),
            costs_by_month=reader.months(each.costs, f"{path}.businesses.{index}.costs"),
            evidence=each.evidence,
            earner=each.earner,
            pay_day=each.pay_day,
        )
        for index, each in enumerate(body.businesses)
    ]
    return Household(
        currency=problems.currency,
        adults=body.adults,
        children=body.children,
        incomes=tuple(incomes),
        businesses=tuple(businesses),
        expenses_by_month=reader.months(body.expenses, f"{path}.expenses")
        if body.expenses
        else None,
        debts=tuple(reader.debts(body.debts, f"{path}.debts")),
        bureau=reader.bureau(body.bureau, f"{path}.bureau") if body.bureau else None,
        own_loans=tuple(
            OwnLoan(
                loan_id=each.loan_id,
                by_month=reader.months(each.instalments, f"own_loans.{index}.instalments"),
            )
            for index, each in enumerate(own_loans)
        ),
        guarantees=tuple(reader.guarantees(body.guarantees, f"{path}.guarantees")),
        savings_minor=problems.amount_minor(body.savings, f"{path}.savings"),
        collateral_minor=problems.amount_minor(body.collateral, f"{path}.collateral"),
    )


def read_months(body: MoneyBody, problems: ProblemList, path: str) -> Months:
    """Return what has to be paid in each calendar month, rounded up."""
    return _Reader(problems).months(body, path)


class _Reader:
    """Converts amounts; what comes in is rounded down, what goes out is rounded up."""

    def __init__(self, problems: ProblemList) -> None:
        self._problems = problems

    def months(self, body: MoneyBody, path: str, *, up: bool = True) -> Months:
        if (body.amount is None) == (body.by_month is None):
            reason = "needs an amount or by_month, not both"
            self._problems.add(path, reason, "Give one of the two")
            return steady(0)
        if body.by_month is not None:
            return tuple(
                self._problems.amount_minor(each, f"{path}.by_month.{index}")
                for index, each in enumerate(body.by_month)
            )
        yearly = self._problems.amount_minor(body.amount, path) * _A_YEAR[body.per]
        return steady(-(-yearly // MONTHS) if up else yearly // MONTHS)

    def debts(self, bodies: list[DebtBody], path: str) -> list[DeclaredDebt]:
        return [
            DeclaredDebt(
                by_month=self.months(each.instalments, f"{path}.{index}.instalments"),
                with_us=each.with_us,
            )
            for index, each in enumerate(bodies)
        ]

    def bureau(self, body: BureauBody, path: str) -> BureauFigure:
        return BureauFigure(
            instalments_minor=self._problems.amount_minor(body.instalments, f"{path}.instalments"),
            includes_ours=body.includes_ours,
        )

    def guarantees(self, bodies: list[GuaranteeBody], path: str) -> list[Guarantee]:
        return [
            Guarantee(
                instalments_minor=self._problems.amount_minor(
                    each.instalments, f"{path}.{index}.instalments"
                ),
                called=each.called,
            )
            for index, each in enumerate(bodies)
        ]
