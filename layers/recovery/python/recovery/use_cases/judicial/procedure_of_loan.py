"""Ask from a loan's record which procedure its claim may take; what the record lacks is named.

The record has the money, the people, what holds them back, what became of friendly ways, and what
was done about the debt. What is not there is asked for, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from recovery.documents.questions.claim import answer_claim
from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.ownership import CHANGES_CREDITOR
from recovery.domain.agreements.restraints import Block, Kind, Restraint, in_force
from recovery.domain.judicial.amicable import ITEMS, Evidence
from recovery.domain.judicial.limitation_watch import is_by_clocks
from recovery.domain.shared.money import to_decimal_text
from recovery.use_cases.judicial.amicable_record import AmicablePorts, amicable_evidence
from recovery.use_cases.judicial.claim_of_loan import (
    RecordedQuestion,
    claim_question_of,
    limitation_question_of,
)
from recovery.use_cases.judicial.loan_record import LoanRecord, read_record
from recovery.use_cases.judicial.steps_on_record import protected, steps_of

_DEBTORS = {"consumer": "consumer", "mixed": "consumer", "business": "natural_person_non_consumer"}
_HELP = (Kind.MORATORIUM, Kind.BREATHING_SPACE)
_SELDOM = ("complaint", "dispute")  # where there is none, none is open
_NOT_ON_RECORD_FOR_LISTING = {
    "certain_due": "that the debt is certain and due is for a person to say",
    "informed": "neither contract nor demand on record tells the debtor of the register",
}
_NOT_ON_RECORD = {
    "title": "the document that proves the debt is not on record",
    "liquid_due": "whether the amount is determined and due is for a person to say",
    "address_known": "whether a home or workplace is known where papers can be served",
    "masc": "a request to negotiate, its receipt, reply and proof are not on record",
    "letter14": "the last demand before costs, its wording and receipt are not on record",
    "creditor_type": "whether a company or a person claims sets the court's fee",
    "late_rate": "the rate agreed for late payment is not on record",
    "acceleration_requested": "only what is overdue is claimed, unless the whole loan was called",
}


def procedure_question_of(
    loan_id: str, as_of: date, ports: AmicablePorts, *, listing: bool = False
) -> RecordedQuestion:
    """Return the question for ``answer_procedure``; ``listing``: whether the debt may be given to
    a register of unpaid debts. Raises LoanNotFoundError."""
    stored, recorded = ports.loans.load(loan_id), ports.loans.recorded(loan_id)
    loan = stored.loan
    found = _Found(_NOT_ON_RECORD_FOR_LISTING if listing else _NOT_ON_RECORD)
    if listing:
        found.say("action", "credit_bureau_listing", "asked")
    person = ports.borrowers.load(loan.borrower_id)
    owner = stored.state.ownership.owner_on(as_of, loan.institution_id)
    jurisdiction = loan.profile.law or person.country
    if loan.profile.law is None:
        found.ask["jurisdiction"] = "the contract's law is not on record: the debtor's country"
    _add_money(loan, as_of, ports, found)
    _add_history(loan_id, as_of, ports, found)
    if person.country != jurisdiction:
        found.ask["cross_border"] = f"the borrower lives in {person.country}: which courts?"
    found.say("debtor", f"{person.country} debtor", "country of the borrower")
    if loan.profile.purpose is not None:
        debtor = _DEBTORS[loan.profile.purpose]
        found.say("debtor_type", debtor, "purpose in the profile of the loan")
    else:
        found.ask["debtor_type"] = "the purpose of the loan is not on record"
    if owner.creditor == loan.institution_id and not _was_sold(recorded):
        found.say("creditor_role", "own_book", "it never changed hands")
    else:
        found.ask["creditor_role"] = f"{owner.creditor} owns the loan: as what does it collect?"
    record = read_record(loan_id, as_of, ports)
    for name, value, origin in steps_of(record):
        found.say(name, value, origin)
    _add_paid_since_letter(loan_id, as_of, ports, found)
    block = Block.BUREAU if listing else Block.JUDICIAL
    _add_restraints((*stored.state.restraints, *person.restraints), as_of, block, found)
    _add_others(record, ports, found)
    evidence = amicable_evidence(loan_id, loan.borrower_id, as_of, ports)
    _add_evidence(evidence, found)
    return RecordedQuestion(
        values={
            "id": loan_id,
            "jurisdiction": jurisdiction,
            "as_of": as_of.isoformat(),
            "facts": found.facts,
        },
        origins={
            "jurisdiction": "profile of the loan"
            if loan.profile.law
            else "country of the borrower",
            **found.origins,
        },
        ask=found.ask,
    )


def _was_sold(recorded: Recorded) -> bool:
    """Whether its creditor ever changed; that another handles it for them is no change."""
    return any(getattr(each.fact, "kind", "") in CHANGES_CREDITOR for each in recorded.owners)


class _Found:
    """Facts as they are found, where each comes from, and what is asked for."""

    def __init__(self, ask: Mapping[str, str]) -> None:
        self.facts: dict[str, Any] = {}
        self.origins: dict[str, str] = {}
        self.ask = dict(ask)

    def say(self, name: str, value: Any, origin: str) -> None:
        self.facts[name] = value
        self.origins[name] = origin
        self.ask.pop(name, None)


def _add_money(loan: Loan, as_of: date, ports: AmicablePorts, found: _Found) -> None:
    """Add what can be claimed now, calculated as a claim is."""
    question = claim_question_of(loan.loan_id, as_of, ports)
    claim = answer_claim(question.values)
    origin = "claim calculated from contract, payments and disputes on record"
    found.say("principal", claim["principal"], origin)
    found.say("accrued_interest_claimed", claim["interest"], origin)
    left = [e for e in claim["not_claimed"] if e.get("part") and e["why"] != "not_due"]
    if left:
        parts = sorted({each["part"] for each in left})
        found.say("parts_left_out", parts, "; ".join(sorted({e["meaning"] for e in left})))
    found.say("dispute", None, _disputed(left))
    ordinary = question.values.get("ordinary_rate_pct")
    if ordinary is not None:
        found.say("ordinary_rate", ordinary, "contract")
    if loan.profile.purpose != "business":
        found.say("product", "consumer_credit", "it is a loan to a consumer")
    granted = sum(each.due.principal for each in loan.schedule_agreed)
    found.say("credit_sum", to_decimal_text(granted, loan.currency), "schedule as agreed")


def _add_paid_since_letter(loan_id: str, as_of: date, ports: AmicablePorts, found: _Found) -> None:
    """Add what of the principal was paid since the last demand: its costs were reckoned before."""
    sent = found.facts.get("letter14", {}).get("sent")
    if sent is None or date.fromisoformat(sent) >= as_of:
        return
    then = answer_claim(claim_question_of(loan_id, date.fromisoformat(sent), ports).values)
    before, now = (Decimal(f"{each}") for each in (then["principal"], found.facts["principal"]))
    if before > now:
        found.say("principal", f"{before}", "claim when the last demand was sent")
        found.say("paid_in_time", f"{before - now}", "payments since the last demand was sent")


def _disputed(left: Sequence[Mapping[str, Any]]) -> str:
    disputed = any(each["why"] == "disputed" for each in left)
    return "what is disputed is left out" if disputed else "no dispute is pending on record"


def _add_history(loan_id: str, as_of: date, ports: AmicablePorts, found: _Found) -> None:
    """Add the parts that are due with their parties and acts, and since when something is."""
    question = limitation_question_of(loan_id, as_of, ports)
    names = ("region", "parties", "acts", "parts", "called_in_on")
    if "acts" in question.ask:
        found.ask["interruptions"] = question.ask["acts"]
    history = {name: question.values[name] for name in names if name in question.values}
    called_in = "called_in_on" in history
    due = [e for e in history["parts"] if called_in or e["due_date"] < as_of.isoformat()]
    unpaid = read_record(loan_id, as_of, ports).unpaid
    owed = [each for each in due if each["part"] in unpaid]
    if owed:
        history["parts"] = owed
        found.say("history", history, "parts, parties, payments and acts on record")
    first = min((e["due_date"] for e in owed or history["parts"]), default=None)
    if first is not None:
        found.say(
            "due", first, "oldest instalment that is not paid" if owed else "first instalment"
        )
    found.say(
        "debtors",
        [each["id"] for each in history["parties"]],
        "debtors and guarantors on record",
    )
    if not any(each["role"] == "guarantor" for each in history["parties"]):
        found.say("guarantor", None, "no guarantor on record")
    else:
        found.say("guarantor", {}, "a guarantor on record; no notice of the balance is")


def _add_others(record: LoanRecord, ports: AmicablePorts, found: _Found) -> None:
    """Add who beside the borrower may not be sued, and a suit that is pending."""
    others = [each for each in record.parties if each.person_id != record.loan.borrower_id]
    known = {each.person_id: ports.borrowers.load(each.person_id).restraints for each in others}
    held = protected(others, known, record.as_of)
    origins = [f"restraint of party {each['person']}" for each in held]
    if suit := record.legal.pending_suit:
        since = suit.suit.on.isoformat()
        held.append({"kind": "a suit is pending", "since": since, "until": None})
        origins.append(f"suit {suit.suit_id}")
    if held:
        before = found.origins.get("restraints")
        origin = "; ".join(dict.fromkeys([*([before] if before else []), *origins]))
        found.say("restraints", [*found.facts.get("restraints", []), *held], origin)


def _add_restraints(
    restraints: Iterable[Restraint], as_of: date, block: Block, found: _Found
) -> None:
    """Add what holds every such step; what is only about a part leaves that part out.

    Whether the debt is too old is for its clocks to say.
    """
    held: dict[tuple[str, date, date | None], Restraint] = {}
    for each in in_force(restraints, as_of):
        held.setdefault((each.kind, each.from_on, each.until), each)
    others = []
    for each in held.values():
        origin = f"restraint on record: {each.in_words()}"
        until = each.until.isoformat() if each.until else None
        if each.kind == Kind.DEATH:
            found.say("debtor_deceased", True, origin)
        elif each.kind == Kind.INSOLVENCY:
            told = {"kind": "insolvency", "declared": each.from_on.isoformat()}
            found.say("debtor_insolvency", told, origin)
        elif each.kind in _HELP:
            found.say("debt_help", {"kind": "moratorium", "until": until}, origin)
        elif is_by_clocks(each):
            continue
        elif block in each.blocked() and each.part is None:
            since = each.from_on.isoformat()
            others.append({"kind": each.kind.replace("_", " "), "since": since, "until": until})
    if others:
        kinds = ", ".join(sorted({each["kind"] or "" for each in others}))
        found.say("restraints", others, f"restraints on record: {kinds}")


def _add_evidence(evidence: Sequence[Evidence], found: _Found) -> None:
    """Add the checklist's evidence, and ask for what has none."""
    values = [
        {
            "item": each.item,
            "on": each.on.isoformat(),
            "reference": each.reference,
            **({"arrival": each.arrival} if each.arrival else {}),
            **({"closed_on": each.closed_on.isoformat()} if each.closed_on else {}),
        }
        for each in evidence
    ]
    found.say("amicable", values, "messages, notices, tasks, disputes and what people told")
    on_record = {each.item for each in evidence}
    for item in ITEMS:
        if item not in on_record and item not in _SELDOM:
            words = item.replace("_", " ")
            found.ask[f"amicable.{item}"] = f"nothing on record says so: {words}"
