"""Whose yes is needed, by parties and law."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from recovery.documents.packs.reading import careful_people_pack, people_pack
from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.party import Party, PartyRecord
from recovery.domain.agreements.people_rules import PeopleRules
from recovery.domain.agreements.signing import who_signs
from recovery.domain.shared.packs import Pack
from tests.builders import a_loan
from tests.domain.agreements.test_signing_rules import ONE

ON, IN_THE_DECREE = date(2026, 4, 10), date(2024, 11, 28)
LOAN = replace(a_loan(), disbursed_on=date(2024, 1, 2))
SPAIN = people_pack("ES")


def parties(**roles: str) -> Recorded:
    at = datetime(2024, 1, 2, tzinfo=UTC)
    return Recorded(
        parties=tuple(
            PartyRecord(
                party=Party(person_id=person_id, role=role, from_on=date(2024, 1, 2)),
                recorded_by="ana",
                recorded_at=at,
            )
            for person_id, role in roles.items()
        )
    )


BOTH = parties(B2="co_borrower", G1="guarantor")
OWN = LOAN.borrower_id


def test_every_debtor_says_yes_and_every_guarantor_is_asked() -> None:
    for pack in (careful_people_pack(), SPAIN):
        for kind in ("payment_plan", "reage", "settlement", ""):
            found = who_signs(LOAN, BOTH, ON, pack, kind)
            assert (found.debtors, found.guarantors) == ((OWN, "B2"), ("G1",))
            assert found.missing([OWN]) == ("B2",) and found.missing([OWN, "B2"]) == ()
            assert found.missing(["G1"]) == (OWN, "B2")


def test_one_is_enough_where_the_law_says_so_unless_another_objected() -> None:
    """RDL 6/2024 art. 34, while it was open."""
    known = LOAN, BOTH, IN_THE_DECREE, SPAIN, "moratorium"
    found = who_signs(*known)
    assert found.missing(["B2"]) == () and found.missing(["G1"]) == (OWN, "B2")
    assert "6/2024" in found.source
    assert who_signs(*known, objected=[OWN]).missing(["B2"]) == (OWN,)
    assert who_signs(*known, objected=["G1"]).missing(["B2"]) == ()
    for on, kind in ((IN_THE_DECREE, "holiday"), (ON, "moratorium")):
        assert who_signs(LOAN, BOTH, on, SPAIN, kind).missing(["B2"]) == (OWN,)


def test_a_rule_that_nobody_verified_spares_nobody() -> None:
    rule = replace(ONE, frees_guarantors=False)
    for confidence, missing, guarantors in (("H", (), ()), ("U", (OWN,), ("G1",))):
        own = PeopleRules(signing=(replace(rule, confidence=confidence),))
        pack = Pack(own, careful_people_pack().careful)
        found = who_signs(LOAN, BOTH, ON, pack, "holiday")
        assert (found.missing(["B2"]), found.guarantors) == (missing, guarantors)
