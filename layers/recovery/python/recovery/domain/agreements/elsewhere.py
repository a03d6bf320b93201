"""A payment plan that was agreed before the loan came here, or outside this system."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from recovery.domain.accounting.agreed import Agreement, Part
from recovery.domain.agreements.agreeing import Agreeing
from recovery.domain.agreements.fact_request import AgreedElsewhere
from recovery.domain.agreements.option_kinds import Kind
from recovery.domain.agreements.payment_plan import IN_FORCE, plans_of, status_at
from recovery.domain.agreements.policy import PlanPolicy
from recovery.domain.agreements.signing import who_signs
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.money import Money

ELSEWHERE = "elsewhere"
Due = tuple[date, int]


def taken_over(
    said: AgreedElsewhere, unpaid: Iterable[Due], policy: PlanPolicy, by: Actor
) -> Agreement:
    """Return the agreement as it goes on record: the parts, and beside them what the schedule asks
    for until the last. ``unpaid`` is what each instalment still owes, and when it is due."""
    last = max((each.due_date for each in said.parts), default=said.on)
    dated: Counter[date] = Counter()
    for each in said.parts:
        dated[each.due_date] += each.amount_minor
    for due_date, amount_minor in unpaid:
        if said.on <= due_date <= last and amount_minor > 0:
            dated[due_date] += amount_minor
    payments = tuple(Part(on, amount_minor) for on, amount_minor in sorted(dated.items()))
    largest_minor = max((each.amount_minor for each in payments), default=0)
    return Agreement(
        on=said.on,
        offer_id="",
        option=Kind.PLAN.value,
        yes=ELSEWHERE,
        proof=said.proof,
        signed_by=said.signed_by,
        approved_by=by.id,
        payments=payments,
        parts=said.parts,
        grace_days=policy.grace_days,
        posting_days=policy.posting_days,
        tolerance_minor=largest_minor * policy.tolerance_percent // 100,
        refit_days=policy.refit_days,
    )


def elsewhere_problems(
    agreed: Agreement, agreeing: Agreeing, *, is_import: bool
) -> Iterator[Problem]:
    """Yield every reason why it cannot go on record."""
    by, currency = agreeing.by, agreeing.loan.currency
    if not (is_import or (by.is_person and by.may(Role.SUPERVISOR))):
        yield Problem("by", "may not record what others agreed", "Ask: supervisor", "not_allowed")
    days = [agreed.on, *(each.due_date for each in agreed.parts)]
    if any(later <= earlier for earlier, later in pairwise(days[1:])) or days[1] < days[0]:
        reason = f"are not in the order of their days from {agreed.on} on"
        yield Problem("parts", reason, "Give each day once, the first one first", "out_of_range")
    if agreed.arrears_minor > agreeing.arrears_minor:
        parts, most = Money(agreed.arrears_minor, currency), Money(agreeing.arrears_minor, currency)
        reason = f"are {parts}, more than was overdue on {agreed.on}, {most}"
        remedy = "Give the parts of the arrears alone; a new schedule comes from the core"
        yield Problem("parts", reason, remedy, "out_of_range")
    for plan in plans_of(agreeing.recorded):
        if status_at(plan, agreed.on) in IN_FORCE:
            reason = f"would come beside {plan.agreement_id}, which is in force"
            yield Problem("parts", reason, "End that one first", "conflict")
    known = agreeing.loan, agreeing.recorded, agreed.on, agreeing.pack, agreed.option
    debtors = who_signs(*known).debtors
    if strangers := ", ".join(each for each in agreed.signed_by if each not in debtors):
        yield Problem("signed_by", f"names {strangers}, no debtors", "Name debtors of this loan")
