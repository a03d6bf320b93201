"""Claims for tests of judicial recovery, and the law of a place on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from recovery.documents.packs.holidays import public_holidays
from recovery.documents.packs.reading import careful_claim_pack, claim_pack, judicial_pack
from recovery.domain.judicial.facts import Facts, Letter, Negotiation
from recovery.domain.judicial.law import Law

ON = date(2026, 5, 15)
ATTEMPT = Negotiation(
    kind="invitation", received=date(2026, 3, 20), proof="burofax: receipt, date and content"
)
LETTER = Letter(sent=date(2026, 4, 14), wording="valid", amount_stated_minor=44_500)


def a_law(country: str = "ES", on: date = ON) -> Law:
    """The law as the shipped pack knows it."""
    claims = careful_claim_pack() if country == "EU" else claim_pack(country)
    return Law(country, judicial_pack(country), on, claims, public_holidays(country))


def with_rules(law: Law, **kinds: Any) -> Law:
    """The same law with other rules of these kinds."""
    assert law.pack.own is not None
    return replace(law, pack=replace(law.pack, own=replace(law.pack.own, **kinds)))


def a_claim(**changes: Any) -> Facts:
    """3,200 EUR that a consumer in Spain owes on a signed contract; an attempt to settle failed."""
    usual: dict[str, Any] = {
        "debtor_type": "consumer",
        "creditor_is_person": False,
        "title": "signed_private_contract",
        "principal_minor": 320_000,
        "due": date(2026, 1, 31),
        "acts": (),
        "liquid": True,
        "address_known": True,
        "dispute": "none",
        "accelerated": False,
        "ordinary_rate_pct": None,
        "negotiation": ATTEMPT,
    }
    return Facts(**(usual | changes))


def a_dutch_claim(**changes: Any) -> Facts:
    """3,200 EUR that a consumer in the Netherlands owes its own lender, after a valid letter."""
    usual = {"creditor_role": "own_book", "negotiation": None, "letter": LETTER, "title": None}
    return a_claim(**(usual | changes))
