"""Count complaints: causes, outcomes and how long their answers took."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from statistics import median_low
from typing import Protocol

from recovery.domain.agreements.person_facts import (
    Complaint,
    ComplaintAbout,
    ComplaintEnd,
    ComplaintOutcome,
)
from recovery.ports.needs import HasInstitutions, HasPeople
from recovery.use_cases.shared.business_date import business_date

_UPHELD = (ComplaintOutcome.UPHELD, ComplaintOutcome.PARTLY_UPHELD)


class ComplaintPorts(HasPeople, HasInstitutions, Protocol):
    """People, and the business date."""


def complaint_counts(
    institution_id: str, now: datetime, ports: ComplaintPorts
) -> list[dict[str, object]]:
    """Count by what was complained about: received, waiting, late, upheld, rejected, taken back,
    and the median of the days until the answer (None without one)."""
    today = business_date(institution_id, now, ports.institutions)
    found = defaultdict[ComplaintAbout, list[tuple[Complaint, ComplaintEnd | None]]](list)
    for person_id in ports.people.complainants():
        facts = {each.fact_id: each.fact for each in ports.people.facts(person_id)}
        ends = {e.complaint_id: e for e in facts.values() if isinstance(e, ComplaintEnd)}
        for fact_id, fact in facts.items():
            if isinstance(fact, Complaint):
                found[fact.about].append((fact, ends.get(fact_id)))
    counts = list[dict[str, object]]()
    for about, each in sorted(found.items()):
        ended = [(made, end) for made, end in each if end]
        days = [(end.on - made.on).days for made, end in ended]
        waiting = [made for made, end in each if end is None]
        counts.append(
            {
                "about": about.value,
                "received": len(each),
                "waiting": len(waiting),
                "late": sum(made.answer_by < today for made in waiting),
                "upheld": sum(end.outcome in _UPHELD for _, end in ended),
                "rejected": sum(end.outcome is ComplaintOutcome.REJECTED for _, end in ended),
                "withdrawn": sum(end.outcome is ComplaintOutcome.WITHDRAWN for _, end in ended),
                "days_to_close": median_low(days) if days else None,
            }
        )
    return counts
