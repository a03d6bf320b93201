"""S23: an auditor exports a case as it was known on a day, three years later."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from recovery.documents.questions.claim import answer_claim
from recovery.domain.accounting.loan import LoanProfile
from recovery.domain.shared.actor import Role
from recovery.domain.shared.errors import NotAllowedError, RefusedError
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.audit.export_loan import export_loan
from tests.builders import a_borrower, a_policy, an_actor
from tests.life import ANOTHER, Life

START, DAY = date(2026, 1, 20), timedelta(days=1)
KNOWN_ON = date(2026, 3, 16)
AUDITOR = an_actor("Iris Vega", Role.AUDITOR)
PROFILE = LoanProfile(purpose="consumer", law="ES", place="ES-M")


@pytest.fixture
def life(wiring) -> Life:
    """A loan with a guarantor, contacted, disputed in part, then back-dated money and new rules."""
    wiring.rights = SimpleNamespace(requests_of=lambda person_id: [])
    life = Life(wiring, START)
    life.lend(annual_rate_pct=Decimal(18), profile=PROFILE)
    a_guarantor(life)
    life.until(date(2026, 2, 20))
    life.pay("L-1", 2_000, payer_kind="other", payer_id="G-1")
    life.until(date(2026, 3, 1))
    life.say("L-1", "dispute", about="wrong_amount", amount="10.00", fact_id="DIS-1")
    life.until(KNOWN_ON)
    life.until(KNOWN_ON + 10 * DAY)
    life.pay("L-1", 3_000, on=KNOWN_ON - 2 * DAY)  # learned ten days later
    life.ports.institutions.save_policy("umoja", a_policy(version=2, effective_from=life.today))
    life.ports.institutions.days["umoja"] = InstitutionDay(life.today, life.today, "wall")
    return life


def a_guarantor(life: Life) -> None:
    from recovery.domain.accounting.party import Party, PartyRecord
    from recovery.domain.outbox import Outbox, outbox_id
    from recovery.ports.accounting import LoanChange

    person = a_borrower("G-1", name="Zawadi Kamau", email="zawadi@example.org")
    life.ports.borrowers.save_contact_details(person)
    party = Party(person_id="G-1", role="guarantor", from_on=START)
    record = PartyRecord(party=party, recorded_by="core", recorded_at=life._now())
    stored = life.ports.loans.load("L-1")
    box = Outbox(outbox_id(stored.state.version + 1), START)
    life.ports.loans.commit(
        LoanChange(stored.loan, stored.loan, stored.state, box, parties=(record,))
    )
    life.settle()


def exported(life: Life, known_on: date = KNOWN_ON, by: Any = AUDITOR) -> dict[str, Any]:
    return export_loan("L-1", known_on, "the supervisor asks, 2029/17", by, life._now(), life.ports)


def test_facts_are_as_known_that_day_and_what_came_later_stands_apart(life) -> None:
    found = exported(life)
    assert [each["payment_id"] for each in found["payments"]] == ["P-1"]
    [later] = found["learned_later"]["payments"]
    assert (later["payment_id"], later["back_dated"]) == ("P-3", True)
    assert [each["fact_id"] for each in found["facts"]] == ["DIS-1"]
    assert found["policy"]["version"] == 1
    assert exported(life, life.today)["policy"]["version"] == 2
    both = [each["payment_id"] for each in exported(life, life.today)["payments"]]
    assert both == ["P-1", "P-3"]


def test_the_claim_recomputes_to_the_cent_from_the_bundle_alone(life) -> None:
    claim = json.loads(json.dumps(exported(life)))["claim"]
    assert answer_claim(claim["question"]) == claim["answer"]
    assert Decimal(claim["answer"]["total"]) > 0
    # Another day, with the money that came later, is another claim.
    later = exported(life, life.today)["claim"]["answer"]
    assert later["total"] != claim["answer"]["total"]


def test_messages_are_shown_in_the_words_that_were_sent(life) -> None:
    found = exported(life)
    assert found["messages"]
    sent = {text for _, _, text, _ in life.ports.messenger.emails}
    for each in found["messages"]:
        assert each["on"] <= KNOWN_ON.isoformat()
        assert each["words"], each
        assert each["words"]["text"] in sent
        assert each["delivery"] == "no news of it"


def test_words_that_cannot_be_proven_are_not_shown(life) -> None:
    institutions = life.ports.institutions
    from dataclasses import replace

    institutions.save(replace(institutions.find("umoja"), name="Another name", phone="+1"))
    found = exported(life)
    assert all(each["words"] is None for each in found["messages"])
    assert any("fingerprint" in each for each in found["gaps"])


def test_what_was_not_sent_has_its_reason_and_rules_have_their_source(life) -> None:
    found = exported(life)
    for each in found["not_sent"]:
        assert ": " in each["words"] and each["on"] <= KNOWN_ON.isoformat()
    assert found["that_day"]
    for section in ("lending", "people", "contact", "claim", "judicial"):
        assert found["rules"][section], section
        assert all(each["source"] for each in found["rules"][section])
    assert found["procedure"]["answer"]["checklist"]


def test_third_parties_are_masked_everywhere(life) -> None:
    text = json.dumps(exported(life))
    for secret in ("G-1", "Zawadi", "zawadi@example.org"):
        assert secret not in text
    assert "[guarantor 1]" in text
    assert "B-1" in text


def test_the_export_is_an_entry_of_the_chain_that_it_verifies(life) -> None:
    found = exported(life)
    assert found["integrity"]["holds"]
    link = life.ports.chain.links("L-1")[-1]
    assert (link.entry.act, link.entry.by) == ("exported", AUDITOR.id)
    assert "2029/17" in link.entry.about
    assert found["integrity"]["head"] == link.seal


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.SUPERVISOR, Role.SERVICE])
def test_only_an_auditor_or_a_lawyer_may_export(life, role) -> None:
    with pytest.raises(NotAllowedError):
        exported(life, by=an_actor("Peter Otieno", role))
    assert life.ports.chain.links("L-1") == []
    assert exported(life, by=ANOTHER)["exported_by"]["name"] == "Grace Njeri"


@pytest.mark.parametrize("day", [date(2020, 1, 1), date(2027, 1, 1)])
def test_a_day_before_the_loan_or_to_come_is_refused(life, day) -> None:
    with pytest.raises(RefusedError, match="not between"):
        exported(life, day)
    assert life.ports.chain.links("L-1") == []
