"""A loan as it was on a day, for questions about a claim: who owes, what was paid and done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from recovery.documents.shared.plain import to_plain
from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.ledger import Ledger, build_ledger
from recovery.domain.accounting.loan import Loan, Payment
from recovery.domain.accounting.party import Party, parties_at
from recovery.domain.judicial.legal_record import LegalRecord, legal_record, limitation_acts
from recovery.domain.judicial.limitation_acts import LimitationAct, Obligor
from recovery.ports.needs import LoansAndInstitutions
from recovery.use_cases.shared.rules import rules_of

_REGION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_DEMANDS = "no demand, acknowledgement or suit is on record: add any that there were"
REST = "rest"  # the part that was not due yet when the loan was called in


@dataclass(frozen=True, slots=True)
class LoanRecord:
    """A loan as it was on a day: the facts, what follows for its money, who owes it."""

    loan: Loan
    recorded: Recorded
    ledger: Ledger
    payments: tuple[Payment, ...]
    parties: tuple[Party, ...]
    as_of: date
    legal: LegalRecord

    @property
    def called_in_on(self) -> date | None:
        return self.legal.called_in.fact.on if self.legal.called_in else None

    @property
    def region(self) -> str | None:
        """The place whose courts are competent: as the contract says, or where the loan is."""
        said = self.legal.contract.region if self.legal.contract else None
        place = self.loan.profile.place
        return said or (place if place and _REGION.fullmatch(place) else None)

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
        legal=legal_record(recorded, as_of),
    )


def history_of(record: LoanRecord, *, rest: bool = False) -> dict[str, Any]:
    """Return who owes the debt and what was done about it as JSON values; ``rest``: what was not
    due yet when the loan was called in is one part."""
    region, called_in = record.region, record.called_in_on
    return {
        **({"region": region} if region else {}),
        **({"called_in_on": called_in.isoformat()} if called_in else {}),
        "parties": [
            {"id": each.person_id, "role": each.role, "solidary": each.solidary}
            for each in obligors_of(record)
        ],
        "acts": [
            {"id": each.act_id, **{k: v for k, v in to_plain(each).items() if k != "act_id"}}
            for each in acts_of(record, rest=rest)
        ],
    }


def obligors_of(record: LoanRecord) -> tuple[Obligor, ...]:
    """Return who owes the debt or answers for it on the day."""
    return tuple(
        Obligor(
            person_id=each.person_id,
            role="debtor" if each.is_debtor else "guarantor",
            solidary=each.liability == "joint_and_several",
        )
        for each in record.parties
        if each.is_debtor or each.is_surety
    )


def acts_of(record: LoanRecord, *, rest: bool = False) -> Iterator[LimitationAct]:
    """Yield payments and what else was done about the debt, on those who are parties that day."""
    debtors = [each.person_id for each in record.parties if each.is_debtor]
    for payment in record.payments:
        if (payer := _payer(payment, record.parties, debtors)) is not None:
            yield LimitationAct(
                act_id=payment.payment_id,
                act="payment",
                on=payment.value_date,
                persons=(payer,),
                proof="proven",
            )
    asked = {each.person_id for each in obligors_of(record)}
    called_in = record.called_in_on if rest else None
    names = {
        str(each.number): REST if called_in and each.due_date > called_in else str(each.number)
        for each in record.ledger.schedule
        if each.due.principal + each.due.interest
    }
    for act in limitation_acts(record.legal):
        persons = tuple(each for each in act.persons if each in asked)
        parts = act.parts and frozenset(names[each] for each in act.parts if each in names)
        if persons and (parts or not act.parts):
            yield replace(act, persons=persons, parts=parts)


def _payer(payment: Payment, parties: Sequence[Party], debtors: Sequence[str]) -> str | None:
    """Return the party who paid; a third person's money acknowledges nothing."""
    if payment.payer_id is not None:
        asked = {each.person_id for each in parties if each.is_debtor or each.is_surety}
        return payment.payer_id if payment.payer_id in asked else None
    return debtors[0] if payment.payer_kind == "borrower" and debtors else None


def origins_of_history(record: LoanRecord, prefix: str = "history.") -> dict[str, str]:
    found = {f"{prefix}parties": "parties on record, as the contract says"}
    legal = record.legal
    if record.region:
        by_contract = bool(legal.contract and legal.contract.region)
        found[f"{prefix}region"] = (
            "contract as read" if by_contract else "place in the profile of the loan"
        )
    if legal.called_in:
        found[f"{prefix}called_in_on"] = f"fact {legal.called_in.fact_id}"
    others = any(True for _ in limitation_acts(legal))
    if record.payments or others:
        words = ["payments"] * bool(record.payments) + ["acts"] * others
        found[f"{prefix}acts"] = f"{' and '.join(words)} on record"
    return found


def asked_of_history(record: LoanRecord, prefix: str = "history.") -> dict[str, str]:
    """Ask for demands where none is on record: payments alone seldom are all."""
    known = any(True for _ in limitation_acts(record.legal))
    return {} if known else {f"{prefix}acts": _DEMANDS}
