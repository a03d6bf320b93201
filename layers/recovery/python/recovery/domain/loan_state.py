"""What is kept of a loan besides its contract, and the standing that follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from recovery.domain.accounting.agreed import Forborne
from recovery.domain.accounting.late_charges import NO_CHARGES, Accrued, ChargeRules
from recovery.domain.accounting.ledger import accrue
from recovery.domain.accounting.loan import NOTHING, Loan
from recovery.domain.accounting.loan_facts import NO_FACTS, LoanFacts
from recovery.domain.accounting.owner_facts import NEVER_CHANGED_HANDS, Ownership
from recovery.domain.accounting.position import Position
from recovery.domain.agreements.dispute import collectible
from recovery.domain.agreements.forbearance import Forbearance, forbearance_at
from recovery.domain.agreements.promise import MISSED, PromiseOutcome
from recovery.domain.agreements.restraints import Restraint
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.write_offs import Proposal
from recovery.domain.contact.plan import Wish
from recovery.domain.monitoring.behaviour import Known
from recovery.domain.monitoring.delinquency import Standing, standing_at
from recovery.domain.monitoring.pattern import NO_CONTACTS, Contacts, OwnPayment
from recovery.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class LoanState:
    """What a review needs to know about a loan besides its contract, in one small item.

    ``wish`` is what the borrower should hear, until it is answered: said, dropped or put off.
    ``asked`` maps the rules of answered wishes to the due date they were about, as long as a review
    could wish for the same again; ``retry_on`` maps a rule put off to the date before which it is
    not wished for. ``closed`` is ``settled`` or ``written_off`` once recovery has ended for good.
    ``pulled_to`` is the bucket to which another loan of the borrower pulls this one.
    ``restraints`` are copies of those on the loan and its borrower, past and future ones too. While
    ``ownership`` says that the loan is silent, nobody is contacted and no case moves.
    ``proposal`` is the last one to write the loan off, as long as it waits or should not be
    repeated. ``first_contact`` is the due date of the arrears about which first contact is sought,
    ``demanded_on`` when something was last said about arrears; ``received_minor`` is what was
    received by the last review. ``contacts`` are those without an answer since; ``segment`` is None
    for the new and the punctual. ``late_elsewhere`` are the oldest unpaid due dates of the person's
    other loans that are overdue. ``called_for`` is the due date before which an early warning asked
    somebody to call.
    """

    version: int
    position: Position
    standing: Standing | None = None
    case: CaseState | None = None
    cases: int = 0
    wish: Wish | None = None
    asked: Mapping[str, date] = field(default_factory=dict)
    retry_on: Mapping[str, date] = field(default_factory=dict)
    next_review_on: date | None = None
    closed: str | None = None
    restraints: tuple[Restraint, ...] = ()
    facts: LoanFacts = NO_FACTS
    ownership: Ownership = NEVER_CHANGED_HANDS
    pulled_to: str | None = None
    proposal: Proposal | None = None
    first_contact: date | None = None
    demanded_on: date | None = None
    received_minor: int | None = None
    contacts: Contacts = NO_CONTACTS
    segment: str | None = None
    late_elsewhere: tuple[date, ...] = ()
    called_for: date | None = None

    def known(self) -> Known:
        """Return what patterns of behaviour rest on beside the position."""
        told = [each.told for each in self.facts.promises]
        kept = self.facts.promised.kept + told.count(PromiseOutcome.KEPT)
        missed = self.facts.promised.missed + sum(each in MISSED for each in told)
        return Known(
            paid_by_others=self.facts.paid_by_others,
            rolled=self.facts.rolled,
            promises=(kept, missed),
            payments=tuple(OwnPayment(each.on, each.minor) for each in self.facts.falling),
            contacts=self.contacts,
            late_elsewhere=self.late_elsewhere,
        )


@dataclass(frozen=True, slots=True)
class Standings:
    """A loan's standing, with what is contractually owed; and what of it is collectible.

    They are one while nothing is disputed. ``accrued`` are the late charges until then.
    """

    contractual: Standing
    collectible: Standing
    accrued: Accrued | None


def standings_of(
    loan: Loan,
    state: LoanState,
    policy: Policy,
    as_of: date,
    charges: ChargeRules = NO_CHARGES,
) -> Standings:
    """Evaluate both at ``as_of``.

    Nothing counts as overdue before the last payment's value date. A dispute lowers what is overdue
    and for how long, never what is outstanding: the debt is not gone.
    """
    as_of = max(as_of, state.position.last_value_date or as_of)
    facts, position = state.facts, state.position
    schedule, accrued = accrue(loan.schedule, position, facts.accrued, charges, facts.pauses, as_of)

    def standing(position: Position) -> Standing:
        monitoring = policy.monitoring
        found = standing_at(
            schedule, position, monitoring, as_of, facts.pauses, monitoring.days_between
        )
        if facts.loss and facts.loss.on:
            found = replace(found, bucket=None, written_off_on=facts.loss.on)
        return replace(
            found,
            loss=facts.loss.remaining if facts.loss else NOTHING,
            restructured_on=facts.restructured_on,
            frozen_days_past_due=facts.frozen_days_past_due,
            pulled_to=state.pulled_to,
        )

    contractual = standing(position)
    undisputed = collectible(schedule, position, state.restraints, as_of)
    if undisputed is position:
        return Standings(contractual, contractual, accrued)
    rest = replace(standing(undisputed), outstanding=contractual.outstanding)
    return Standings(contractual, rest, accrued)


def forbearance_of(loan: Loan, state: LoanState, policy: Policy, as_of: date) -> Forbearance | None:
    """Return what became of the concessions on this loan; None without any.

    A state stored before there were marks tells of a restructuring alone.
    """
    days, facts = policy.agreements.forbearance_probation_days, state.facts
    mark, on = facts.forborne, facts.restructured_on
    if mark is None and on is not None:
        mark = Forborne(on, facts.frozen_days_past_due, on)
    tolerance = policy.monitoring.tolerance
    return forbearance_at(mark, loan.schedule, state.position, days, as_of, tolerance)


def standing_of(
    loan: Loan,
    state: LoanState,
    policy: Policy,
    as_of: date,
    charges: ChargeRules = NO_CHARGES,
) -> Standing:
    """Evaluate the contractual standing alone."""
    return standings_of(loan, state, policy, as_of, charges).contractual
