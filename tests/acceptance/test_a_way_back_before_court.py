"""Before a claim is filed, and before its title is enforced, the borrower is offered a way back.

Given a case on its way to court, when it comes to pre-action, then one kind message says what is
still possible; where others may see it a person is asked to say it; and nobody approves a filing
before either happened.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from recovery.domain.accounting.court_steps import NOT_WANTED
from recovery.domain.contact.address import Fate
from recovery.domain.shared.errors import RefusedError
from recovery.use_cases.cases.decide_case import decide_case
from recovery.use_cases.judicial.read_judicial import read_judicial
from tests import to_court
from tests.builders import a_borrower, a_policy, a_schedule
from tests.life import ANOTHER, OFFICER, Life

SUBJECT = "We can still find a way together"


def lived(wiring: Any, **person: Any) -> Life:
    wiring.institutions.save_policy("umoja", a_policy(judicial_approvals=1))
    life = Life(wiring, date(2026, 1, 15))
    life.lend(schedule=a_schedule(1, first_due=date(2026, 2, 2)))
    wiring.borrowers.save_contact_details(replace(a_borrower("B-1"), **person))
    life.until(date(2026, 6, 8))
    assert life.standing()["case"]["stage"] == "pre_action"
    return life


def ready(life: Life) -> None:
    """All but the offer was done and is on record."""
    shown: Any = read_judicial("L-1", life.ports.now(), life.ports)["pre_action"]
    codes = [*shown["waits_for"], *shown["stopped_by"]]
    life.say("L-1", "pre_action_check", ANOTHER, codes=codes, on=life.today, reference="file-7")
    assert life.standing()["case"]["stage"] == "judicial_recovery"


def test_the_offer_is_sent_once_and_opens_the_way_to_a_decision_when_it_arrived(wiring) -> None:
    life = lived(wiring)
    assert life.mails().count(SUBJECT) == 1
    ready(life)
    with pytest.raises(RefusedError, match="no agreement was offered since"):
        to_court.approve("L-1", life.ports)  # nobody knows yet whether it arrived
    sent = [each for each in life.ports.borrowers.contacts("B-1") if "way_back" in each]
    life.ports.borrowers.note_fate("B-1", sent[0], Fate.DELIVERED, life.today)
    to_court.approve("L-1", life.ports)
    life.settle()
    life.until(life.today + timedelta(days=30))
    assert life.mails().count(SUBJECT) == 1


def test_where_others_may_see_it_a_person_makes_the_offer(wiring) -> None:
    life = lived(wiring, email_privacy="shared", phone_privacy="shared")
    assert SUBJECT not in life.mails()
    [task] = [each for each in life.tasks("call") if "offer it in person" in each.reason]
    assert task.person_id == "B-1"
    ready(life)
    with pytest.raises(RefusedError, match="no agreement was offered since"):
        to_court.approve("L-1", life.ports)
    told = {"codes": [NOT_WANTED], "on": life.today, "reference": "call-12"}
    life.say("L-1", "pre_action_check", OFFICER, **told)
    to_court.approve("L-1", life.ports)
    life.settle()
    assert life.standing()["case"]["stage"] == "filing"


def test_it_is_offered_once_more_before_the_title_is_enforced(wiring) -> None:
    life = lived(wiring)
    to_court.check("L-1", life.today, life.ports)
    life.settle()
    to_court.approve("L-1", life.ports)
    life.settle()
    to_court.file("L-1", life.today, life.ports)
    life.settle()
    life.until(life.today + timedelta(days=20))
    verdict = {"step": "judgment", "outcome": "creditor", "amount_minor": 10_000}
    to_court.step("L-1", "J-1", life.today, life.ports, **verdict, final_on=life.today)
    life.settle()
    life.until(life.today + timedelta(days=7))
    assert life.mails().count(SUBJECT) == 2
    ports = life.ports
    with pytest.raises(RefusedError, match="no agreement was offered since the title"):
        decide_case("L-1", "enforce", ANOTHER, "No answer.", ports.now(), ports)
    [last] = [each for each in ports.borrowers.contacts("B-1") if "way_back@enforcement" in each]
    ports.borrowers.note_fate("B-1", last, Fate.DELIVERED, life.today)
    decide_case("L-1", "enforce", ANOTHER, "No answer.", ports.now(), ports)
    life.settle()
    assert life.standing()["case"]["stage"] == "enforcement"
