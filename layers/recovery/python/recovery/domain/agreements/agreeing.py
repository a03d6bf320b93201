"""Whether the borrower's yes to an offer may go on record as an agreement.

What is agreed is what was shown: an offer that expired, or a loan that changed since, needs a new
offer. Every debtor says yes. More time without a guarantor's consent frees the guarantor (CC 1851),
so each of them consents or is given up knowingly before anyone agrees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from recovery.domain.accounting.agreed import (
    SETTLEMENT,
    Agreement,
    AgreementEnd,
    Offer,
    OfferedOption,
)
from recovery.domain.accounting.fact import Recorded, Undo
from recovery.domain.accounting.history import ScheduleVersion
from recovery.domain.accounting.loan import Loan
from recovery.domain.agreements.fact_request import AgreementMade
from recovery.domain.agreements.payment_plan import (
    IN_FORCE,
    PlanStatus,
    agreements_of,
    plans_of,
    status_at,
)
from recovery.domain.agreements.people_rules import PeoplePack
from recovery.domain.agreements.policy import PlanPolicy
from recovery.domain.agreements.restraints import Kind, Restraint, in_force
from recovery.domain.agreements.settlement import let_go_by
from recovery.domain.agreements.signing import who_signs
from recovery.domain.shared.actor import Actor, Role, has_name
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.money import Money

PAPER, READ_ALOUD, BY_CODE = "paper", "read_aloud", "code"
_DAY = timedelta(days=1)
_APPROVES = {
    Role.ADVISOR: (Role.ADVISOR, Role.SUPERVISOR),
    Role.SUPERVISOR: (Role.SUPERVISOR,),
    Role.LEGAL: (Role.LEGAL,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreeing:
    """What a yes is weighed against; ``arrears_minor`` is what is overdue on its day, and
    ``owed_minor`` all that is owed. ``pack`` has the rules of the law of the contract."""

    loan: Loan
    recorded: Recorded
    restraints: tuple[Restraint, ...]
    policy: PlanPolicy
    by: Actor
    arrears_minor: int
    owed_minor: int
    pack: PeoplePack

    def offer(self, offer_id: str) -> Offer | None:
        """Find an offer that counts."""
        for each in self.recorded.counting():
            if each.fact_id == offer_id and isinstance(each.fact, Offer):
                return each.fact
        return None


def agreement(made: AgreementMade, option: OfferedOption | None, agreeing: Agreeing) -> Agreement:
    """Return the agreement as it goes on record: a plan with the payments that were shown until its
    last part, a settlement with all of them, and when it counts as kept."""
    parts = option.parts if option else ()
    policy, last = agreeing.policy, parts[-1].due_date if parts else date.min
    if made.option == SETTLEMENT:
        last = date.max
    shown = option.payments if option else ()
    payments = tuple(each for each in shown if each.due_date <= last)
    largest_minor = max((each.amount_minor for each in payments), default=0)
    return Agreement(
        on=made.on,
        offer_id=made.offer_id,
        option=made.option,
        yes=made.yes,
        proof=made.proof,
        witness=made.witness,
        signed_by=made.signed_by,
        objected=made.objected,
        approved_by=agreeing.by.id,
        payments=payments,
        parts=parts,
        consented=made.consented,
        lost=made.lost,
        grace_days=policy.grace_days,
        posting_days=policy.posting_days,
        tolerance_minor=largest_minor * policy.tolerance_percent // 100,
        refit_days=policy.refit_days,
    )


def agreement_problems(agreed: Agreement, agreeing: Agreeing) -> Iterator[Problem]:
    """Yield every reason why it cannot go on record."""
    offer = agreeing.offer(agreed.offer_id)
    if offer is None:
        reason = f"{agreed.offer_id} is no offer on this loan"
        yield Problem("offer_id", reason, "Make an offer first", "not_found")
        return
    option = offer.find(agreed.option)
    if option is None:
        shown = ", ".join(each.kind for each in offer.options) or "nothing"
        reason = f"{agreed.option} was not offered"
        yield Problem("option", reason, f"The offer shows: {shown}", "not_found")
        return
    yield from _time_problems(agreed, offer, option)
    yield from _still_true(agreed, offer, option, agreeing)
    yield from _yes_problems(agreed)
    yield from _people_problems(agreed, agreeing)
    yield from _authority_problems(agreed, offer, option, agreeing)


def agreement_end_problems(end: AgreementEnd, recorded: Recorded) -> Iterator[Problem]:
    """Yield every reason why an agreement cannot end so."""
    plans = {each.agreement_id: each for each in plans_of(recorded)}
    plan = plans.get(end.agreement_id)
    if plan is None:
        reason = f"{end.agreement_id} is no payment plan on this loan"
        remedy = "Name one on record; undo an agreement that was a mistake"
        yield Problem("agreement_id", reason, remedy, "not_found")
        return
    if end.on < plan.agreed_on:
        reason = f"{end.on} is before the agreement of {plan.agreed_on}"
        yield Problem("on", reason, "Use a later day", "out_of_range")
    if (status := status_at(plan, end.on)) in (PlanStatus.COMPLETED, PlanStatus.ENDED):
        reason = f"{end.agreement_id} is {status} already"
        yield Problem("agreement_id", reason, "Check the record", "conflict")


def undo_problems(undo: Undo, recorded: Recorded) -> Iterator[Problem]:
    """Yield why what belongs to an agreement cannot be undone by itself."""
    agreed = {record.fact_id: fact for record, fact in agreements_of(recorded)}
    schedules = {schedule_id_of(each): each for each in agreed}
    undone, remedy = undo.fact_id, "Undo the agreement"
    if undone in schedules:
        reason = f"{undone} came with agreement {schedules[undone]}"
        yield Problem("undoes", reason, remedy, "conflict")
    for agreement_id, each in agreed.items():
        if each.offer_id == undone:
            reason = f"{undone} was accepted as agreement {agreement_id}"
            yield Problem("undoes", reason, f"{remedy} first", "conflict")
    if settled_by := let_go_by(recorded, undone):
        reason = f"{undone} came with agreement {settled_by}"
        yield Problem("undoes", reason, remedy, "conflict")
    versions = {
        e.fact_id: e.fact for e in recorded.counting() if isinstance(e.fact, ScheduleVersion)
    }
    own = versions.get(schedule_id_of(undone)) if undone in agreed else None
    if own and (later := [e.version for e in versions.values() if e.version > own.version]):
        reason = f"{undone} is the base of version {min(later)}"
        yield Problem("undoes", reason, "Undo the later version first", "conflict")


def schedule_id_of(agreement_id: str) -> str:
    """Return the id of the schedule version that an agreement brings."""
    return f"{agreement_id[:55]}.schedule"


def hides_arrears(offer: Offer, option: OfferedOption) -> bool:
    """Whether what is late would look as if it were not, or be let go."""
    return bool(option.action or option.let_go_minor) and offer.overdue_minor > 0


def booked_minor(offer: Offer, option: OfferedOption) -> int:
    """Return how much money is agreed on: the arrears of a plan, otherwise all that is owed."""
    return offer.overdue_minor if option.parts else option.total_minor + option.let_go_minor


def _time_problems(agreed: Agreement, offer: Offer, option: OfferedOption) -> Iterator[Problem]:
    new_offer = "Make a new offer"
    if agreed.on < offer.on:
        reason = f"{agreed.on} is before the offer of {offer.on}"
        yield Problem("on", reason, "Give the day of the yes", "out_of_range")
    if agreed.on > offer.expires_on:
        reason = f"{agreed.offer_id} expired on {offer.expires_on}"
        yield Problem("offer_id", reason, new_offer, "conflict")
    first = min((each.due_date for each in option.parts or agreed.payments), default=agreed.on)
    if first < agreed.on <= offer.expires_on:
        reason = f"asks for its first part on {first}, which is past"
        yield Problem("option", reason, new_offer, "conflict")


def _still_true(
    agreed: Agreement, offer: Offer, option: OfferedOption, agreeing: Agreeing
) -> Iterator[Problem]:
    currency, shown_minor = agreeing.loan.currency, option.total_minor + option.let_go_minor
    if agreeing.arrears_minor != offer.overdue_minor:
        now, then = Money(agreeing.arrears_minor, currency), Money(offer.overdue_minor, currency)
        reason = f"{agreed.offer_id} is about {then} overdue, and it is {now} by now"
        yield Problem("offer_id", reason, "Make a new offer", "conflict")
    elif agreed.settles and agreeing.owed_minor != shown_minor:
        now, then = Money(agreeing.owed_minor, currency), Money(shown_minor, currency)
        reason = f"{agreed.offer_id} settles {then}, and {now} is owed by now"
        yield Problem("offer_id", reason, "Make a new offer", "conflict")
    for plan in plans_of(agreeing.recorded):
        if status_at(plan, agreed.on) in IN_FORCE:
            reason = f"would come beside {plan.agreement_id}, which is in force"
            yield Problem("offer_id", reason, "End that one first", "conflict")
    if any(each.kind == Kind.DEATH for each in in_force(agreeing.restraints, agreed.on)):
        reason = "belongs to somebody whose death was reported"
        yield Problem("loan_id", reason, "Ask who represents the estate", "conflict")


def _yes_problems(agreed: Agreement) -> Iterator[Problem]:
    if agreed.yes == PAPER and not agreed.proof:
        yield Problem("proof", "is missing", "Give the id of the signed paper", "missing")
    if agreed.yes == BY_CODE and not agreed.proof:
        remedy = "Send a code to each who signs, and answer with it"
        yield Problem("yes", "by a code was not said", remedy, "missing")
    if agreed.yes == READ_ALOUD and not (agreed.proof or agreed.witness):
        remedy = "Give the id of the recording as proof, or who witnessed it"
        yield Problem("proof", "is missing for a yes that was spoken", remedy, "missing")


def _people_problems(agreed: Agreement, agreeing: Agreeing) -> Iterator[Problem]:
    known = agreeing.loan, agreeing.recorded, agreed.on, agreeing.pack, agreed.option
    signing = who_signs(*known, agreed.objected)
    signers, guarantors = signing.debtors, signing.guarantors
    if missing := ", ".join(signing.missing(agreed.signed_by)):
        reason = f"lacks {missing}"
        yield Problem("signed_by", reason, "All debtors say yes themselves", "missing")
    if strangers := _without(agreed.objected, signers):
        yield Problem("objected", f"names {strangers}, no debtors", "Name debtors of this loan")
    if strangers := _without(agreed.signed_by, signers):
        yield Problem("signed_by", f"names {strangers}, no debtors", "Name debtors of this loan")
    answered = (*agreed.consented, *agreed.lost)
    if missing := _without(guarantors, answered):
        reason = f"lacks guarantors {missing}, who are free if they do not consent"
        remedy = "Ask for their consent, or name them under lost"
        yield Problem("consented", reason, remedy, "missing")
    if strangers := _without(answered, guarantors):
        yield Problem("consented", f"names {strangers}, no guarantors", "Name who answers for it")
    if both := [each for each in agreed.lost if each in agreed.consented]:
        yield Problem("lost", f"names {', '.join(both)}, who consented", "Name each once")


def _without(people: Iterable[str], known: Iterable[str]) -> str:
    names = set(known)
    return ", ".join(each for each in people if each not in names)


def _authority_problems(
    agreed: Agreement, offer: Offer, option: OfferedOption, agreeing: Agreeing
) -> Iterator[Problem]:
    by, policy = agreeing.by, agreeing.policy
    least = Role(option.approved_by)
    if not (by.is_person and by.may(*_APPROVES.get(least, (least,)))):
        yield Problem("by", f"may not approve {option.kind}", f"Ask: {least.value}", "not_allowed")
    if hides_arrears(offer, option) and has_name(by, agreeing.loan.advisor_name):
        reason = "keeps the loan, whose arrears it would hide"
        yield Problem("by", reason, "Let somebody else approve it", "not_allowed")
    since = agreed.on - policy.plans_within_days * _DAY
    made = [e for _, e in agreements_of(agreeing.recorded) if e.payments and e.on > since]
    if agreed.payments and len(made) >= policy.most_plans and not by.may(Role.SUPERVISOR):
        reason = f"would be plan {len(made) + 1} within {policy.plans_within_days} days"
        yield Problem("offer_id", reason, "Let a supervisor agree to it", "conflict")
