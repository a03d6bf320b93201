"""What was offered in a negotiation before court: secret, so that no court reads it.

That there was a request, what it was about, and who came may be shown; what was proposed may not
(LO 1/2025 art. 9, for whose law asks for a negotiation). It holds for what was proposed from the
request until its end, and stays so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from recovery.domain.accounting.acts import ENDS, NegotiationOpened, NegotiationStep
from recovery.domain.accounting.agreed import Offer
from recovery.domain.accounting.fact import FactRecord, Recorded

_YEAR = timedelta(days=366)  # of talks that nobody ended: the attempt has lapsed by then


def confidential_ids(recorded: Recorded) -> frozenset[str]:
    """Return the ids of facts whose content stays out of what a court gets.

    An offer that became an agreement is confidential still; the agreement is not. What was undone
    counts too: it was said.
    """
    times = list(_times(recorded.facts))
    return frozenset(
        each.fact_id
        for each in recorded.facts
        if (on := _proposed_on(each)) and any(first <= on <= last for first, last in times)
    )


def _proposed_on(record: FactRecord) -> date | None:
    fact = record.fact
    if isinstance(fact, Offer) or (isinstance(fact, NegotiationStep) and fact.step == "proposal"):
        return fact.on
    return None


def _times(facts: tuple[FactRecord, ...]) -> Iterator[tuple[date, date]]:
    """Yield the first and last day of each negotiation."""
    for each in facts:
        if isinstance(each.fact, NegotiationOpened):
            ends = [
                e.fact.on
                for e in facts
                if isinstance(e.fact, NegotiationStep)
                and e.fact.negotiation_id == each.fact_id
                and e.fact.step in ENDS
            ]
            yield each.fact.on, min(ends, default=each.fact.on + _YEAR)
