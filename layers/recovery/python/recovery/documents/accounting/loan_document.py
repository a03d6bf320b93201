"""A loan as JSON: its contract, what is owed, every fact, and where it stands.

Amounts are decimal strings, dates ISO 8601. Nothing names the borrower but the id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from typing_extensions import TypedDict

from recovery.documents.accounting.owner_document import (
    CarriedDocument,
    OwnerDocument,
    carried_document,
    owner_document,
    owner_records_document,
)
from recovery.documents.monitoring.standing import standing_document
from recovery.documents.shared.plain import to_plain
from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.history import ScheduleVersion
from recovery.domain.accounting.loan import Components, Instalment, Loan
from recovery.domain.cases.stage import CaseState
from recovery.domain.loan_state import LoanState
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.shared.iso_dates import iso
from recovery.domain.shared.money import to_decimal_text, to_decimal_texts

AGREED = "agreed"  # the kind of version 1


class ContractDocument(TypedDict):
    """What was agreed; ``profile`` has None for what nobody said."""

    borrower_id: str
    portfolio: str
    currency: str
    principal: str
    disbursed_on: str
    annual_rate_pct: str | None
    advisor_name: str
    profile: dict[str, str | None]


class InstalmentDocument(TypedDict):
    """What is due and paid on one instalment, by component and in total."""

    number: int
    due_date: str
    due: dict[str, str]
    paid: dict[str, str]
    paid_off_on: str | None


class VersionDocument(TypedDict):
    """One version of the schedule, in force since ``on``."""

    number: int
    on: str
    kind: str
    first_due_date: str
    last_due_date: str


class CaseDocument(TypedDict):
    """The open case and its stage."""

    case_id: str
    stage: str
    since: str


class LoanDocument(TypedDict):
    """Everything about a loan but its timeline and payments.

    ``owner`` is today's, ``owners`` has every change of owner and notice of it. ``closed`` is
    ``settled`` or ``written_off`` once recovery has ended for good; ``late_charges`` is the total
    charged so far by rule, part of what is due.
    """

    loan_id: str
    contract: ContractDocument
    standing: dict[str, object]
    forbearance: dict[str, object] | None
    late_charges: str
    case: CaseDocument | None
    closed: str | None
    next_review_on: str | None
    policy_version: int
    owner: OwnerDocument
    owners: list[dict[str, object]]
    carried: CarriedDocument | None
    versions: list[VersionDocument]
    parties: list[dict[str, object]]
    facts: list[dict[str, object]]
    schedule: list[InstalmentDocument]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanView:
    """A loan at a date: ``schedule`` is what is owed by then, late charges included."""

    loan: Loan
    state: LoanState
    recorded: Recorded
    schedule: tuple[Instalment, ...]
    standing: Standing
    late_charges_minor: int
    policy_version: int
    forbearance: dict[str, object] | None = None


def loan_document(
    view: LoanView,
    facts: Sequence[Mapping[str, object]],
    parties: Sequence[Mapping[str, object]],
) -> LoanDocument:
    """Show the loan with these facts and parties."""
    state, currency = view.state, view.loan.currency
    return {
        "loan_id": view.loan.loan_id,
        "contract": _contract(view.loan),
        "standing": standing_document(
            view.standing, currency, state.facts.pauses, state.facts.loss
        ),
        "forbearance": view.forbearance,
        "late_charges": to_decimal_text(view.late_charges_minor, currency),
        "case": case_document(state.case),
        "closed": state.closed,
        "next_review_on": iso(state.next_review_on),
        "policy_version": view.policy_version,
        "owner": owner_document(state.ownership, view.standing.as_of, view.loan.institution_id),
        "owners": owner_records_document(view.recorded.owners),
        "carried": carried_document(state.facts.carried),
        "versions": _versions(view),
        "parties": [dict(each) for each in parties],
        "facts": [dict(each) for each in facts],
        "schedule": _schedule(view),
    }


def case_document(case: CaseState | None) -> CaseDocument | None:
    """Show the open case, if there is one."""
    if case is None:
        return None
    return {
        "case_id": case.case_id,
        "stage": case.target_stage.value,
        "since": case.target_stage_since.isoformat(),
    }


def _contract(loan: Loan) -> ContractDocument:
    principal_minor = sum(each.due.principal for each in loan.schedule_agreed)
    rate_pct = loan.annual_rate_pct
    return {
        "borrower_id": loan.borrower_id,
        "portfolio": loan.portfolio,
        "currency": loan.currency,
        "principal": to_decimal_text(principal_minor, loan.currency),
        "disbursed_on": loan.disbursed_on.isoformat(),
        "annual_rate_pct": None if rate_pct is None else str(rate_pct),
        "advisor_name": loan.advisor_name,
        "profile": to_plain(loan.profile, whole=True),
    }


def _versions(view: LoanView) -> list[VersionDocument]:
    """List the first schedule and the versions that count, in order."""
    loan, later = view.loan, view.recorded.history().versions
    first = ScheduleVersion(1, loan.disbursed_on, AGREED, loan.schedule_agreed)
    return [
        {
            "number": each.version,
            "on": each.on.isoformat(),
            "kind": each.kind,
            "first_due_date": min(_due_dates(each)).isoformat(),
            "last_due_date": max(_due_dates(each)).isoformat(),
        }
        for each in (first, *sorted(later, key=lambda each: each.version))
    ]


def _due_dates(version: ScheduleVersion) -> list[date]:
    """Return the dates on which the version asks for something."""
    asked = [each.due_date for each in version.instalments if each.due.total]
    return asked or [each.due_date for each in version.instalments]


def _schedule(view: LoanView) -> list[InstalmentDocument]:
    position, currency = view.state.position, view.loan.currency

    def texts(amounts: Components) -> dict[str, str]:
        return to_decimal_texts(amounts.with_total(), currency)

    return [
        {
            "number": instalment.number,
            "due_date": instalment.due_date.isoformat(),
            "due": texts(instalment.due),
            "paid": texts(paid),
            "paid_off_on": iso(paid_off_on),
        }
        for instalment, paid, paid_off_on in zip(
            view.schedule, position.paid, position.paid_off_on, strict=True
        )
    ]
