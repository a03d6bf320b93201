"""What was done about a debt, as facts of a question which procedure its claim may take.

A step counts here only with its proof; one that is not on record is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from recovery.domain.accounting.acts import Demand
from recovery.domain.accounting.party import Party
from recovery.domain.agreements.restraints import Block, Restraint, in_force
from recovery.domain.judicial.legal_record import (
    LegalRecord,
    NegotiationRecord,
    Said,
    SuitRecord,
)
from recovery.domain.shared.money import to_decimal_text
from recovery.use_cases.judicial.loan_record import LoanRecord

Step = tuple[str, Any, str]  # a fact's name, its value, and where it comes from

_FORMS = {
    "direct_negotiation": "invitation to direct negotiation",
    "neutral_expert": "neutral expert",
    "collaborative_law": "collaborative negotiation",
}
# In the words by which packs know a proof; what is not among them proves nothing.
_PROVING = {
    "burofax": "burofax",
    "registered_letter": "registered letter",
    "notary": "notarial",
    "bailiff": "certified by a bailiff",
    "by_hand": "signed on receipt",
    "certified_email": "certified e-mail",
    "certified_sms": "certified SMS",
}
_ORDERS = ("MONITORIO", "ORDER_FOR_PAYMENT")
_NOT_TAKEN = ("refused", "uncollected")


def steps_of(record: LoanRecord) -> Iterator[Step]:
    """Yield each fact that the record of acts knows."""
    legal = record.legal
    yield from _contract(record)
    yield from _lateness(record)
    if legal.called_in:
        yield "acceleration_requested", True, f"fact {legal.called_in.fact_id}"
    yield from _negotiations(legal.negotiations)
    yield from _letter(legal, record.loan.currency)
    yield from _notices(legal, record.parties)
    yield from _suits(legal)


def protected(
    parties: Sequence[Party], restraints: Mapping[str, Iterable[Restraint]], as_of: date
) -> list[dict[str, Any]]:
    """Return who of several may not be sued: a restraint of theirs holds judicial steps."""
    return [
        {
            "kind": each.kind.replace("_", " "),
            "since": each.from_on.isoformat(),
            "until": each.until.isoformat() if each.until else None,
            "person": party.person_id,
        }
        for party in parties
        for each in in_force(restraints.get(party.person_id, ()), as_of)
        if Block.JUDICIAL in each.blocked()
    ]


def _contract(record: LoanRecord) -> Iterator[Step]:
    terms = record.legal.contract
    if terms is None:
        return
    origin = "contract as read"
    for name, value in (
        ("title", terms.title),
        ("late_rate", None if terms.late_rate_pct is None else str(terms.late_rate_pct)),
        ("liquidation_clause", terms.liquidation_clause),
        ("informed", terms.names_bureau or None),
    ):
        if value is not None:
            yield name, value, origin
    if terms.called_in_after is not None:
        yield "acceleration_clause", f"{terms.called_in_after} missed instalments", origin
    if terms.secured_by_home:
        yield "secured", "mortgage on habitual home", origin


def _lateness(record: LoanRecord) -> Iterator[Step]:
    """Yield how late the loan is, by which a whole loan may be called in or not."""
    unpaid = [
        each
        for each in record.ledger.schedule
        if str(each.number) in record.unpaid and each.due_date < record.as_of
    ]
    if not unpaid:
        return
    origin = "instalments that are due and not paid in full"
    oldest = min(each.due_date for each in unpaid)
    yield "overdue_instalments", len(unpaid), origin
    yield "overdue_days", (record.as_of - oldest).days, origin
    if not (record.legal.contract and record.legal.contract.secured_by_home):
        return
    schedule = record.ledger.schedule
    first, last = record.loan.disbursed_on, max(each.due_date for each in schedule)
    is_first = (record.as_of - first).days * 2 <= (last - first).days
    yield "elapsed", f"{'first' if is_first else 'second'} half of the term", "schedule"
    paid = dict(
        zip((e.number for e in schedule), record.ledger.position.paid, strict=True),
    )
    missing = sum(each.due.less(paid[each.number]).principal for each in unpaid)
    granted = sum(each.due.principal for each in schedule)
    if granted:
        ratio = (Decimal(missing) / granted).quantize(Decimal("0.0001"), ROUND_DOWN)
        yield "overdue_capital_ratio", str(ratio), origin


def _negotiations(records: Sequence[NegotiationRecord]) -> Iterator[Step]:
    """Yield the last request to each person; those to others stand beside it."""
    latest: dict[str, NegotiationRecord] = {}
    for each in records:
        latest |= dict.fromkeys(each.opened.persons, each)
    found = list({each.negotiation_id: each for each in latest.values()}.values())
    if not found:
        return
    values = [_negotiation(each) for each in found]
    origin = "negotiation {}"
    yield "masc", values[-1], origin.format(found[-1].negotiation_id)
    if values[:-1]:
        ids = ", ".join(each.negotiation_id for each in found[:-1])
        yield "masc_others", values[:-1], origin.format(ids)


def _negotiation(each: NegotiationRecord) -> dict[str, Any]:
    opened, end = each.opened, each.end
    met = next((step.on for step in each.steps if step.step == "meeting"), None)
    proposals = [step.on for step in each.steps if step.step == "proposal"]
    received = opened.received_on or (opened.on if opened.proof in _NOT_TAKEN else None)
    days = {"received": received, "met": met, "closed": end.on if end else None}
    days["proposal"] = proposals[-1] if proposals else None
    return {
        "kind": _FORMS.get(opened.form, opened.form.replace("_", " ")),
        "proof": _proof(opened.medium, opened.proof),
        "to": list(opened.persons),
        **({"reply": each.steps[-1].step.replace("_", " ")} if each.steps else {}),
        **{name: day.isoformat() for name, day in days.items() if day is not None},
    }


def _proof(medium: str, proof: str) -> str:
    if proof in ("none", "returned") or medium not in _PROVING:
        return "without proof of receipt"
    return _PROVING[medium] + (f", {proof}" if proof in _NOT_TAKEN else "")


def _letter(legal: LegalRecord, currency: str) -> Iterator[Step]:
    said = legal.last_demand("before_costs")
    if said is None:
        return
    letter = said.fact
    if letter.proof in ("none", "returned"):
        return
    sent = letter.sent_on.isoformat() if letter.sent_on else None
    received = letter.on.isoformat() if letter.proof == "proven" else None
    value: dict[str, Any] = {
        **({"term_days": letter.term_days} if letter.term_days is not None else {}),
        **({"sent": sent} if sent else {}),
        **({"received": received} if received else {}),
        **({"wording": letter.wording} if letter.wording else {}),
    }
    if letter.costs_minor is not None:
        value["amount_stated"] = to_decimal_text(letter.costs_minor, currency)
    yield "letter14", value, f"demand {said.fact_id}"


def _notices(legal: LegalRecord, parties: Sequence[Party]) -> Iterator[Step]:
    """Yield when the debtors, and every guarantor, had notice of the balance, and the demand that
    came before the loan was called in."""
    told: dict[str, Said[Demand]] = {}
    for each in legal.demands:
        if each.fact.purpose == "balance" and each.fact.proof == "proven":
            told |= dict.fromkeys(each.fact.persons, each)
    debtors = [each.person_id for each in parties if each.is_debtor]
    if debtors and told.keys() >= set(debtors):
        last = max((told[each] for each in debtors), key=lambda each: each.fact.on)
        yield "debtor_notified", last.fact.on.isoformat(), f"demand {last.fact_id}"
    guarantors = [each.person_id for each in parties if each.is_surety]
    if guarantors and told.keys() >= set(guarantors):
        last = max((told[each] for each in guarantors), key=lambda each: each.fact.on)
        yield "guarantor", {"notified": last.fact.on.isoformat()}, f"demand {last.fact_id}"
    before = legal.last_demand("before_calling_in")
    if before and before.fact.proof == "proven":
        yield "notice_sent", before.fact.on.isoformat(), f"demand {before.fact_id}"
    listing = legal.last_demand("before_listing")
    if listing and listing.fact.proof == "proven":
        yield "informed", True, f"demand {listing.fact_id}"


def _suits(legal: LegalRecord) -> Iterator[Step]:
    """Yield where the last suit stands."""
    last: SuitRecord | None = legal.suits[-1] if legal.suits else None
    if last is None or last.end is None or last.end.outcome != "upheld":
        return
    is_order = last.suit.procedure.endswith(_ORDERS)
    words = "order for payment, no opposition" if is_order else "judgment"
    yield "stage", f"{words}, {last.end.on}", f"suit {last.suit_id}"
