"""What holds back, and what of a loan is collectible meanwhile, as JSON."""

from __future__ import annotations

from collections.abc import Iterable

from recovery.domain.agreements.dispute import disputed_minor
from recovery.domain.agreements.restraints import Restraint
from recovery.domain.loan_state import Standings
from recovery.domain.shared.iso_dates import iso
from recovery.domain.shared.money import to_decimal_text


def held_document(restraint: Restraint, currency: str | None = None) -> dict[str, object]:
    """Convert one restraint; the disputed part only where the currency is known."""
    part = restraint.part
    return {
        "kind": restraint.kind,
        "from": restraint.from_on.isoformat(),
        "until": iso(restraint.until),
        "blocks": sorted(restraint.blocks),
        "fact_id": restraint.fact_id or None,
        **({"of": "person"} if restraint.of_person else {}),
        **({"disputed": to_decimal_text(part, currency)} if part and currency else {}),
    }


def collectible_document(
    standings: Standings, restraints: Iterable[Restraint], currency: str
) -> dict[str, object] | None:
    """Show what may be collected while something is disputed; None while nothing is."""
    contractual, rest = standings.contractual, standings.collectible
    if rest is contractual:
        return None
    owed_minor = contractual.outstanding.total
    disputed = disputed_minor(restraints, contractual.as_of, owed_minor)
    return {
        "disputed": to_decimal_text(disputed, currency),
        "overdue": to_decimal_text(rest.overdue.total, currency),
        "days_past_due": rest.days_past_due,
        "oldest_due_date": iso(rest.oldest_due_date),
    }
