"""Ask from a loan's record what can be claimed on it, and until when; what it lacks is named.

The record has the contract, the money, what was disputed, and what was done about the debt: what is
not there is asked for, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from recovery.domain.accounting.ledger import Ledger
from recovery.domain.accounting.loan import Payment
from recovery.domain.agreements.dispute import disputes_of
from recovery.domain.judicial.legal_record import LegalRecord
from recovery.domain.shared.money import to_decimal_text
from recovery.ports.needs import LoansAndInstitutions
from recovery.use_cases.judicial.loan_record import (
    REST,
    LoanRecord,
    asked_of_history,
    history_of,
    origins_of_history,
    read_record,
)


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
        "history": history_of(record, rest=True),
    }
    origins = {
        "currency": "contract",
        "parts": _origin_of_schedule(record),
        "payments": f"{len(record.payments)} payments on record that still count",
        **origins_of_history(record),
    }
    ask: dict[str, str] = {}
    legal = record.legal
    if legal.contract and legal.contract.late_rate_pct is not None:
        values["late_rate_pct"] = str(legal.contract.late_rate_pct)
        origins["late_rate_pct"] = "contract as read"
    else:
        ask["late_rate_pct"] = "the rate agreed for late payment is not on record"
    ask |= asked_of_history(record)
    for name, said in (("demanded_on", _demanded_on(legal)), ("judged_on", _judged_on(legal))):
        if said is not None:
            values[name], origins[name] = said[0].isoformat(), said[1]
    if loan.profile.law is not None:
        values["law"], origins["law"] = loan.profile.law, "profile of the loan"
    if loan.profile.purpose is not None:
        origins["capacity"] = "purpose in the profile of the loan"
    if rate_pct is not None:
        values["ordinary_rate_pct"], origins["ordinary_rate_pct"] = str(rate_pct), "contract"
    if extra_minor := sum(each.due.fee + each.due.penalty for each in record.ledger.schedule):
        text = to_decimal_text(extra_minor, currency)
        ask["fees"] = f"{text} of fees and penalties are left out: a person says whether any is due"
    if record.called_in_on is None and any(
        each.due_date >= as_of for each in record.ledger.schedule
    ):
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
        **history_of(record),
    }
    origins = {"parts": _origin_of_schedule(record), **origins_of_history(record, "")}
    if record.loan.profile.law is not None:
        values["law"], origins["law"] = record.loan.profile.law, "profile of the loan"
    return RecordedQuestion(values=values, origins=origins, ask=asked_of_history(record, ""))


def _demanded_on(legal: LegalRecord) -> tuple[date, str] | None:
    """Return when a demand first arrived, with its origin."""
    proven = (each for each in legal.demands if each.fact.proof == "proven")
    first = next(proven, None)
    return (first.fact.on, f"demand {first.fact_id}") if first else None


def _judged_on(legal: LegalRecord) -> tuple[date, str] | None:
    """Return when a court decided, with its origin."""
    won = [each for each in legal.suits if each.end and each.end.outcome == "upheld"]
    return (won[0].end.on, f"suit {won[0].suit_id}") if won and won[0].end else None


def _claim_parts(record: LoanRecord) -> Iterator[dict[str, Any]]:
    """Yield each instalment's principal and interest, and what of it is disputed and unpaid.

    What was not due yet when the loan was called in is one part: the interest in it is not owed,
    but the principal bears interest until that day.
    """
    pending = [
        each.dispute
        for each in disputes_of(record.recorded)
        if each.dispute.on <= record.as_of and (each.end is None or each.end.on > record.as_of)
    ]
    all_disputed = any(each.amount_minor is None for each in pending)
    left_minor = sum(each.amount_minor or 0 for each in pending)
    currency, paid = record.loan.currency, record.ledger.position.paid
    called_in, rest_minor, ordinary_from = record.called_in_on, 0, record.loan.disbursed_on
    for instalment, done in zip(record.ledger.schedule, paid, strict=True):
        rest = instalment.due.less(done)
        disputed_minor = min(left_minor, rest.principal + rest.interest)
        left_minor -= disputed_minor
        if not instalment.due.principal + instalment.due.interest:
            continue
        if called_in is not None and instalment.due_date > called_in:
            rest_minor += instalment.due.principal
            continue
        ordinary_from = instalment.due_date
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
    if called_in is not None and rest_minor:
        yield {
            "part": REST,
            "due_date": called_in.isoformat(),
            "principal": to_decimal_text(rest_minor, currency),
            "ordinary_from": ordinary_from.isoformat(),
            **({"left_out": "disputed"} if all_disputed else {}),
        }


def _named_part(payment: Payment, ledger: Ledger) -> dict[str, str]:
    """Return the instalment that the payer named, if the schedule has it."""
    known = {each.number for each in ledger.schedule if each.due.principal + each.due.interest}
    return {"part": str(payment.instalment)} if payment.instalment in known else {}


def _origin_of_schedule(record: LoanRecord) -> str:
    versions = record.recorded.history().until(record.as_of).versions
    if not versions:
        return "schedule as agreed"
    last = max(versions, key=lambda each: each.version)
    return f"schedule version {last.version}, {last.kind.replace('_', ' ')} of {last.on}"
