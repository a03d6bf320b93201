"""What became of agreements in the demo: read from the records, not from what the stories meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from recovery.domain.accounting.agreed import Offer
from recovery.domain.accounting.fact import Recorded
from recovery.domain.agreements.payment_plan import PlanStatus, agreements_of, plans_of, status_at

_BROKEN = (PlanStatus.BREACHED, PlanStatus.CURED)
_HOLDS = (PlanStatus.KEPT, PlanStatus.LATE)


@dataclass(slots=True)
class Agreed:
    """Counts of offers and agreements; amounts in minor units by currency.

    ``broken`` were breached at some time, ``refitted`` of them got another agreement. ``cured`` are
    arrears of agreements whose loan has nothing overdue now. ``extra`` is what borrowers pay more
    than as agreed before, less what is let go; ``lost`` what the loans are worth less to the
    institution.
    """

    offered: int = 0
    accepted: int = 0
    kept: int = 0
    in_force: int = 0
    broken: int = 0
    refitted: int = 0
    cured: Counter[str] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)


def read_agreed(
    loan_ids: Iterable[str], lost_minor: Mapping[tuple[str, str], int], end: date, ports: Any
) -> Agreed:
    """Read the agreements of these loans as they stand at the end."""
    agreed = Agreed()
    for loan_id in loan_ids:
        stored, recorded = ports.loans.load(loan_id), ports.loans.recorded(loan_id)
        standing, currency = stored.state.standing, stored.loan.currency
        is_clean = standing is not None and not standing.overdue.total
        _add(agreed, recorded, currency, is_clean, end)
        for (of_loan, _), minor in lost_minor.items():
            agreed.lost[currency] += minor if of_loan == loan_id else 0
    return agreed


def _add(agreed: Agreed, recorded: Recorded, currency: str, is_clean: bool, end: date) -> None:
    offers = {e.fact_id: e.fact for e in recorded.counting() if isinstance(e.fact, Offer)}
    made = [(e.fact_id, fact) for e, fact in agreements_of(recorded) if fact.offer_id]
    agreed.offered += len(offers)
    agreed.accepted += len(made)
    broken = set(_broken(recorded, end))
    statuses = {each.agreement_id: status_at(each, end) for each in plans_of(recorded)}
    for agreement_id, fact in made:
        status = statuses.get(agreement_id)
        agreed.broken += agreement_id in broken
        if agreement_id not in broken:  # a new schedule has no plan to break: what is due tells
            agreed.kept += status == PlanStatus.COMPLETED or (status is None and is_clean)
            agreed.in_force += status in _HOLDS
        option = offers[fact.offer_id].find(fact.option)
        agreed.extra[currency] += option.extra_minor if option else 0
    agreed.refitted += sum(first in broken for (first, _), _ in pairwise(made))
    if is_clean and made:
        first = offers[made[0][1].offer_id]
        agreed.cured[currency] += first.overdue_minor


def _broken(recorded: Recorded, end: date) -> Iterator[str]:
    for plan in plans_of(recorded):
        if any(each.status in _BROKEN and each.on <= end for each in plan.turns):
            yield plan.agreement_id
