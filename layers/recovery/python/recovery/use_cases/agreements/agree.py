"""Offers and agreements as they go on record: completed, checked, with the new schedule they bring.

All of an agreement is one change of the loan: the yes, the schedule version, the restraint, the
timeline and the event are stored in one transaction, or none of them is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from recovery.documents.accounting.fact_request import fact_of
from recovery.documents.agreements.restructuring_action import action_text
from recovery.domain.accounting.agreed import (
    Agreement,
    AgreementEnd,
    Booked,
    Offer,
    OfferedOption,
    Part,
    RefusedOption,
)
from recovery.domain.accounting.fact import FactRecord, RecordedFact, Undo
from recovery.domain.accounting.history import ScheduleVersion
from recovery.domain.agreements import agreeing
from recovery.domain.agreements.agreeing import Agreeing
from recovery.domain.agreements.core_booking import booking_problems
from recovery.domain.agreements.elsewhere import elsewhere_problems, taken_over
from recovery.domain.agreements.fact_request import (
    AgreedElsewhere,
    AgreementMade,
    OfferMade,
    Restructure,
)
from recovery.domain.agreements.options import Option, options_for
from recovery.domain.agreements.signing import who_signs
from recovery.domain.cases.plan_calls import breach_call_id
from recovery.domain.outbox import DomainEvent
from recovery.domain.shared.actor import PORTFOLIO_IMPORT
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.money import Money, to_decimal_text
from recovery.ports.accounting import LoanChange
from recovery.ports.needs import HasYesCodes
from recovery.use_cases.agreements.new_schedule import worked_out
from recovery.use_cases.agreements.said import Saying, people_pack_of
from recovery.use_cases.agreements.trouble import (
    TroublePorts,
    Wanted,
    capacity_of,
    owed_on,
    trouble_of,
    unpaid_on,
)
from recovery.use_cases.agreements.yes_proof import proved_by_codes

Agreed = OfferMade | AgreementMade | AgreedElsewhere
_ANY_KIND = ""  # an offer asks everybody, whichever option is chosen


class AgreeingPorts(TroublePorts, HasYesCodes, Protocol):
    """What an agreement needs: where the capacity is, and who said yes by a code."""


def completed_agreement(said: Agreed, saying: Saying, ports: AgreeingPorts) -> Offer | Agreement:
    """Return the fact that goes on record: every option that fits, or what was agreed of them.

    Raises RefusedError for an offer without a capacity in force, or without a yes by code.
    """
    if isinstance(said, OfferMade):
        return _offer(said, saying, ports)
    if isinstance(said, AgreedElsewhere):
        unpaid = unpaid_on(saying.stored, saying.recorded, saying.rules, said.on)
        return taken_over(said, unpaid, saying.rules.policy.agreements.plans, saying.by)
    known = _agreeing(saying, said)
    offer = known.offer(said.offer_id)
    agreed = agreeing.agreement(said, offer.find(said.option) if offer else None, known)
    return proved_by_codes(agreed, saying, ports)


def agreed_problems(fact: RecordedFact, saying: Saying) -> Iterator[Problem]:
    """Yield every reason why an offer or agreement, or its end, cannot go on record."""
    match fact:
        case Offer():
            if not fact.options:
                remedy = "A person has to look for another way: see the refused options"
                yield Problem("options", "have none that fits", remedy, "conflict")
            if fact.on != saying.rules.as_of:
                reason = f"{fact.on} is not the business date"
                yield Problem("on", reason, "Make the offer today, or omit it", "out_of_range")
            if fact.expires_on < fact.on:
                yield Problem("expires_on", "is past", "Give a day to come", "out_of_range")
        case Agreement() if not fact.offer_id:
            is_import = saying.by.id == PORTFOLIO_IMPORT
            yield from elsewhere_problems(fact, _agreeing(saying, fact), is_import=is_import)
        case Agreement():
            yield from agreeing.agreement_problems(fact, _agreeing(saying, fact))
        case AgreementEnd():
            yield from agreeing.agreement_end_problems(fact, saying.recorded)
        case Booked():
            yield from booking_problems(fact, saying.recorded)
        case Undo():
            yield from agreeing.undo_problems(fact, saying.recorded)


def facts_with(record: FactRecord, saying: Saying) -> tuple[FactRecord, ...]:
    """Return the facts that go with it: the new schedule of an agreement, and with an agreement's
    undoing that of its schedule. Raises RefusedError where the schedule cannot be made."""
    fact = record.fact
    if isinstance(fact, Undo):
        schedule_id = agreeing.schedule_id_of(fact.fact_id)
        counting = {each.fact_id: each for each in saying.recorded.counting()}
        undone = counting.get(fact.fact_id)
        if undone and isinstance(undone.fact, Agreement) and schedule_id in counting:
            undo = Undo(schedule_id, fact.on)
            return (replace(record, fact_id=f"undo-{schedule_id}"[:64], fact=undo),)
    if not isinstance(fact, Agreement) or not fact.offer_id:
        return ()
    _, option = saying.offered(fact)
    if not option.action:
        return ()
    asked = _restructure(fact, option, saying)
    version = worked_out(asked, saying.stored, saying.recorded, saying.rules)
    return (replace(record, fact_id=agreeing.schedule_id_of(record.fact_id), fact=version),)


def with_agreement(change: LoanChange, record: FactRecord, saying: Saying) -> LoanChange:
    """Return the change with what others hear of an agreement, and without a call that its undoing
    makes pointless.

    Raises RefusedError if the new schedule asks for anything else than what was shown.
    """
    fact, outbox = record.fact, change.outbox
    if isinstance(fact, Undo):
        undone = next(e for e in saying.recorded.facts if e.fact_id == fact.fact_id)
        if isinstance(undone.fact, Agreement):
            call = breach_call_id(record.loan_id, undone.fact_id)
            outbox = replace(outbox, ends_tasks=(*outbox.ends_tasks, call))
        return replace(change, outbox=outbox)
    if not isinstance(fact, Agreement):
        return change
    let_go_minor, total_minor = 0, sum(each.amount_minor for each in fact.payments)
    if fact.offer_id:
        _, option = saying.offered(fact)
        if option.action:
            _check_as_shown(change, option)
        let_go_minor, total_minor = option.let_go_minor, option.total_minor
    event = DomainEvent("AgreementMade", _made(record, fact, total_minor, let_go_minor, change))
    return replace(change, outbox=replace(outbox, events=(*outbox.events, event)))


def _offer(said: OfferMade, saying: Saying, ports: TroublePorts) -> Offer:
    rules, loan, recorded = saying.rules, saying.loan, saying.recorded
    in_force = capacity_of(saying.stored, rules, ports)
    wanted = Wanted(said.difficulty, said.lump_sum_minor, said.due_day, said.starts_on)
    found = options_for(trouble_of(saying.stored, recorded, rules, in_force, wanted, ports))
    signing = who_signs(loan, recorded, said.on, people_pack_of(loan), _ANY_KIND)
    lasts = timedelta(days=rules.policy.agreements.plans.offer_days)
    return Offer(
        on=said.on,
        expires_on=said.expires_on or said.on + lasts,
        difficulty=said.difficulty.value,
        assessment_id=in_force.assessment_id,
        policy_version=rules.policy.version,
        overdue_minor=found.overdue_minor,
        days_past_due=found.days_past_due,
        options=tuple(_offered(each, loan.currency) for each in found.best),
        refused=tuple(RefusedOption(each.kind.value, each.code) for each in found.refused),
        signers=signing.debtors,
        guarantors=signing.guarantors,
    )


def _offered(option: Option, currency: str) -> OfferedOption:
    found = option.found
    action = action_text(found.action, found.waive, currency) if found.action else None
    return OfferedOption(
        kind=found.kind.value,
        payments=tuple(Part(on, amount_minor) for on, amount_minor in found.payments),
        parts=found.parts,
        extra_minor=option.extra_minor,
        largest_month_minor=option.largest_month_minor,
        let_go_minor=found.let_go_minor,
        approved_by=option.approved_by.value,
        action=json.dumps(action) if action else "",
    )


def _agreeing(saying: Saying, said: AgreementMade | Agreement) -> Agreeing:
    stored, recorded, rules = saying.stored, saying.recorded, saying.rules
    arrears_minor, owed_minor = owed_on(stored, recorded, rules, said.on)
    return Agreeing(
        loan=stored.loan,
        recorded=recorded,
        restraints=stored.state.restraints,
        policy=rules.policy.agreements.plans,
        by=saying.by,
        arrears_minor=arrears_minor,
        owed_minor=owed_minor,
        pack=people_pack_of(stored.loan),
    )


def _restructure(agreed: Agreement, option: OfferedOption, saying: Saying) -> Restructure:
    """Return the action of the option as it was shown, for the day of the yes."""
    body = {**json.loads(option.action), "fact_id": "agreed", "reason": "agreed"}
    loan = saying.loan
    read = fact_of(body, loan.loan_id, loan.currency, agreed.on).fact
    assert isinstance(read, Restructure)
    return read


def _check_as_shown(change: LoanChange, option: OfferedOption) -> None:
    loan, paid = change.loan, change.state.position.paid
    rows = zip(loan.schedule, paid, strict=True)
    open_rows = [(e.due_date, e.due.total - part.total) for e, part in rows]
    owed_minor = sum(amount_minor for _, amount_minor in open_rows)
    last_on = max((on for on, amount_minor in open_rows if amount_minor), default=None)
    shown_minor, last = option.total_minor, option.payments[-1].due_date
    if (owed_minor, last_on) != (shown_minor, last):
        now, then = Money(owed_minor, loan.currency), Money(shown_minor, loan.currency)
        reason = f"showed {then} until {last}, and it would be {now} until {last_on} by now"
        raise RefusedError(Problem("offer_id", reason, "Make a new offer", "conflict"))


def _made(
    record: FactRecord,
    agreed: Agreement,
    total_minor: int,
    let_go_minor: int,
    change: LoanChange,
) -> dict[str, object]:
    """Return the agreement for other systems, with what a core needs to book it."""
    currency = change.loan.currency
    detail: dict[str, object] = {
        "loan_id": record.loan_id,
        "agreement_id": record.fact_id,
        **({"offer_id": agreed.offer_id} if agreed.offer_id else {}),
        "option": agreed.option,
        "on": agreed.on.isoformat(),
        "total": to_decimal_text(total_minor, currency),
        "let_go": to_decimal_text(let_go_minor, currency),
        "currency": currency,
        "parts": [
            {"on": on.isoformat(), "amount": to_decimal_text(amount_minor, currency)}
            for on, amount_minor in ((e.due_date, e.amount_minor) for e in agreed.parts)
        ],
    }
    versions = [each.fact for each in change.facts if isinstance(each.fact, ScheduleVersion)]
    if versions:
        detail["schedule_version"] = versions[0].version
    return detail
