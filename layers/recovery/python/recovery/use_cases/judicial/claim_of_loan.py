"""Ask from a loan's record what can be claimed on it, and until when; what it lacks is named.

The record has the contract, the money and what was disputed. Of what was done about the debt it has
the payments: demands and suits with their proof are asked for, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.ledger import Ledger, build_ledger
from recovery.domain.accounting.loan import Loan, Payment
from recovery.domain.accounting.party import Party, parties_at
from recovery.domain.agreements.dispute import disputes_of
from recovery.domain.shared.money import to_decimal_text
from recovery.ports.needs import LoansAndInstitutions
from recovery.use_cases.shared.rules import rules_of

_REGION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_DEMANDS = "demands, acknowledgements and suits with their proof are not on record"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedQuestion:
    """A question as JSON values, where each fact comes from, and what the record lacks.

    ``origins`` and ``ask`` pair the name of a fact with words.
    """

    values: Mapping[str, Any]
    origins: Mapping[str, str]
    ask: Mapping[str, str]

    def facts_from(self) -> list[dict[str, str]]:
        """Show where each fact comes from."""
        return [{"fact": name, "origin": origin} for name, origin in self.origins.items()]

    def asked(self) -> list[dict[str, str]]:
        """Show what the record lacks."""
        return [{"fact": name, "why": why} for name, why in self.ask.items()]


def claim_question_of(loan_id: str, as_of: date, ports: LoansAndInstitutions) -> RecordedQuestion:
    """Return the question for ``answer_claim``. Raises LoanNotFoundError."""
    record = read_record(loan_id, as_of, ports)
    loan, currency = record.loan, record.loan.currency
    rate_pct = next(
        (
            each.annual_rate_pct
            for each in sorted(
                record.recorded.history().until(as_of).versions, key=lambda each: -each.version
            )
            if each.annual_rate_pct is not None
        ),
        loan.annual_rate_pct,
    )
    values: dict[str, Any] = {
        "id": loan_id,
        "as_of": as_of.isoformat(),
        "currency": currency,
        "capacity": loan.profile.purpose or "unknown",
        "parts": list(_claim_parts(record)),
        "payments": [
            {
                "id": each.payment_id,
                "value_date": each.value_date.isoformat(),
                "amount": to_decimal_text(each.amount_minor, currency),
                **_named_part(each, record.ledger),
            }
            for each in record.payments
        ],
        "history": _history(record),
    }
    origins = {
        "currency": "contract",
        "parts": _origin_of_schedule(record),
        "payments": f"{len(record.payments)} payments on record that still count",
        **_origins_of_history(record),
    }
    ask = {
        "late_rate_pct": "the rate agreed for late payment is not on record",
        **_asked_of_history(record),
    }
    if loan.profile.law is not None:
        values["law"], origins["law"] = loan.profile.law, "profile of the loan"
    if loan.profile.purpose is not None:
        origins["capacity"] = "purpose in the profile of the loan"
    if rate_pct is not None:
        values["ordinary_rate_pct"], origins["ordinary_rate_pct"] = str(rate_pct), "contract"
    if extra_minor := sum(each.due.fee + each.due.penalty for each in record.ledger.schedule):
        text = to_decimal_text(extra_minor, currency)
        ask["fees"] = f"{text} of fees and penalties are left out: a person says whether any is due"
    if any(each.due_date >= as_of for each in record.ledger.schedule):
        ask["history.called_in_on"] = "instalments are not due yet, unless the loan was called in"
    return RecordedQuestion(values=values, origins=origins, ask=ask)


def limitation_question_of(
    loan_id: str, as_of: date, ports: LoansAndInstitutions
) -> RecordedQuestion:
    """Return the question for ``answer_limitation``. Raises LoanNotFoundError."""
    record = read_record(loan_id, as_of, ports)
    values: dict[str, Any] = {
        "id": loan_id,
        "as_of": as_of.isoformat(),
        "parts": [
            {"part": str(each.number), "due_date": each.due_date.isoformat()}
            for each in record.ledger.schedule
            if each.due.principal + each.due.interest
        ],
        **_history(record),
    }
    origins = {"parts": _origin_of_schedule(record), **_origins_of_history(record, "")}
    if record.loan.profile.law is not None:
        values["law"], origins["law"] = record.loan.profile.law, "profile of the loan"
    return RecordedQuestion(values=values, origins=origins, ask=_asked_of_history(record, ""))


@dataclass(frozen=True, slots=True)
class LoanRecord:
    """A loan as it was on a day: the facts, what follows for its money, who owes it."""

    loan: Loan
    recorded: Recorded
    ledger: Ledger
    payments: tuple[Payment, ...]
    parties: tuple[Party, ...]
    as_of: date

    @property
    def unpaid(self) -> frozenset[str]:
        """The instalments of which principal or interest is not paid in full."""
        paid = self.ledger.position.paid
        return frozenset(
            str(each.number)
            for each, done in zip(self.ledger.schedule, paid, strict=True)
            if (rest := each.due.less(done)).principal + rest.interest
        )


def read_record(loan_id: str, as_of: date, ports: LoansAndInstitutions) -> LoanRecord:
    """Read what was recorded of the loan. Raises LoanNotFoundError."""
    loan, recorded = ports.loans.load(loan_id).loan, ports.loans.recorded(loan_id)
    rules = rules_of(loan.institution_id, as_of, ports.institutions)
    history = recorded.history().until(as_of)
    return LoanRecord(
        loan=loan,
        recorded=recorded,
        ledger=build_ledger(loan.schedule_agreed, history, rules.allocation, as_of=as_of),
        payments=tuple(
            sorted(history.payments, key=lambda each: (each.value_date, each.payment_id))
        ),
        parties=parties_at(recorded.parties_said(), loan.borrower_id, as_of),
        as_of=as_of,
    )


def _claim_parts(record: LoanRecord) -> Iterator[dict[str, Any]]:
    """Yield each instalment's principal and interest, and what of it is disputed and unpaid."""
    pending = [
        each.dispute
        for each in disputes_of(record.recorded)
        if each.dispute.on <= record.as_of and (each.end is None or each.end.on > record.as_of)
    ]
    all_disputed = any(each.amount_minor is None for each in pending)
    left_minor = sum(each.amount_minor or 0 for each in pending)
    currency, paid = record.loan.currency, record.ledger.position.paid
    for instalment, done in zip(record.ledger.schedule, paid, strict=True):
        rest = instalment.due.less(done)
        disputed_minor = min(left_minor, rest.principal + rest.interest)
        left_minor -= disputed_minor
        if not instalment.due.principal + instalment.due.interest:
            continue
        part = {
            "part": str(instalment.number),
            "due_date": instalment.due_date.isoformat(),
            "principal": to_decimal_text(instalment.due.principal, currency),
            "interest": to_decimal_text(instalment.due.interest, currency),
        }
        if all_disputed:
            part["left_out"] = "disputed"
        elif disputed_minor:
            part["disputed"] = to_decimal_text(disputed_minor, currency)
        yield part


def _named_part(payment: Payment, ledger: Ledger) -> dict[str, str]:
    """Return the instalment that the payer named, if the schedule has it."""
    known = {each.number for each in ledger.schedule if each.due.principal + each.due.interest}
    return {"part": str(payment.instalment)} if payment.instalment in known else {}


def _history(record: LoanRecord) -> dict[str, Any]:
    place = record.loan.profile.place
    debtors = [each.person_id for each in record.parties if each.is_debtor]
    return {
        **({"region": place} if place and _REGION.fullmatch(place) else {}),
        "parties": [
            {
                "id": each.person_id,
                "role": "debtor" if each.is_debtor else "guarantor",
                "solidary": each.liability == "joint_and_several",
            }
            for each in record.parties
            if each.is_debtor or each.is_surety
        ],
        "acts": [
            {
                "id": each.payment_id,
                "act": "payment",
                "on": each.value_date.isoformat(),
                "persons": [payer],
                "proof": "proven",
            }
            for each in record.payments
            if (payer := _payer(each, record.parties, debtors)) is not None
        ],
    }


def _payer(payment: Payment, parties: Sequence[Party], debtors: Sequence[str]) -> str | None:
    """Return the party who paid; a third person's money acknowledges nothing."""
    if payment.payer_id is not None:
        asked = {each.person_id for each in parties if each.is_debtor or each.is_surety}
        return payment.payer_id if payment.payer_id in asked else None
    return debtors[0] if payment.payer_kind == "borrower" and debtors else None


def _origin_of_schedule(record: LoanRecord) -> str:
    versions = record.recorded.history().until(record.as_of).versions
    if not versions:
        return "schedule as agreed"
    last = max(versions, key=lambda each: each.version)
    return f"schedule version {last.version}, {last.kind.replace('_', ' ')} of {last.on}"


def _origins_of_history(record: LoanRecord, prefix: str = "history.") -> dict[str, str]:
    place = record.loan.profile.place
    found = {f"{prefix}parties": "parties on record, as the contract says"}
    if place and _REGION.fullmatch(place):
        found[f"{prefix}region"] = "place in the profile of the loan"
    if record.payments:
        found[f"{prefix}acts"] = "payments on record"
    return found


def _asked_of_history(record: LoanRecord, prefix: str = "history.") -> dict[str, str]:
    return {f"{prefix}acts": _DEMANDS}
