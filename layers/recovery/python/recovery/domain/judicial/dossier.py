"""The dossier of a claim: what people decide on, bound by one hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from recovery.domain.accounting.fact import Recorded

_SHOWN = 12  # characters of a hash that a person reads and types


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """What was known and worked out on ``as_of``, for the question ``dossier_id``.

    ``contents`` are JSON values by part: the facts, the decision with its rules, the claim.
    ``record_hash`` is that of everything on record about the loan (see ``hash_of_record``).
    ``documents`` maps the names of rendered files to the SHA-256 of their bytes, once they are.
    """

    dossier_id: str
    loan_id: str
    case_id: str
    as_of: date
    record_hash: str
    contents: Mapping[str, Any]
    documents: Mapping[str, str] = field(default_factory=dict)

    @property
    def manifest(self) -> dict[str, Any]:
        """Return the hash of every part, from which the whole one is calculated."""
        parts = {name: hash_of(value) for name, value in self.contents.items()}
        return {
            "dossier_id": self.dossier_id,
            "as_of": self.as_of.isoformat(),
            "record": self.record_hash,
            "parts": dict(sorted(parts.items())),
            "documents": dict(sorted(self.documents.items())),
        }

    @property
    def hash(self) -> str:
        """Return what an approval is bound to."""
        return hash_of(self.manifest)


def hash_of(value: Any) -> str:
    """Return the SHA-256 of a JSON value, written the same way each time."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def hash_of_record(recorded: Recorded) -> str:
    """Return a hash that changes with every payment, fact, party and owner.

    What was reversed or undone stays on record, so taking something back changes it too.
    """
    payments = sorted(
        (
            e.payment.payment_id,
            e.payment.amount_minor,
            f"{e.payment.value_date}",
            f"{e.reversed_on}",
        )
        for e in recorded.payments
    )
    return hash_of(
        {
            "payments": payments,
            "facts": sorted((each.fact_id, each.fingerprint) for each in recorded.facts),
            "owners": sorted(each.record_id for each in recorded.owners),
            "parties": sorted(repr(each) for each in recorded.parties),
        }
    )


def is_of(hash: str, said: str) -> bool:
    """Whether a person named this hash: whole, or its beginning as it is shown."""
    return len(said) >= _SHOWN and hash.startswith(said.lower())


def shown(hash: str) -> str:
    """Return the beginning of a hash, as people read and type it."""
    return hash[:_SHOWN]
