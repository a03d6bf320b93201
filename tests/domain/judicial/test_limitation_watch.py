"""When the clocks are looked at, whom they warn, and what they stop."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from recovery.documents.accounting.fact_request import fact_request
from recovery.documents.packs.reading import careful_claim_pack, claim_pack, people_pack
from recovery.documents.people.fact_request import person_fact_request
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.agreements.restraints import Block, Kind, Restraint
from recovery.domain.judicial.limitation import DuePart, LimitationFacts, limitation_clocks
from recovery.domain.judicial.limitation_acts import LimitationAct, Obligor
from recovery.domain.judicial.limitation_watch import (
    LOOK_AGAIN_DAYS,
    Look,
    first_look,
    limitation_tasks,
    look,
    restrained,
)
from recovery.domain.shared.actor import Role
from tests.builders import a_loan

SPAIN, DAY = claim_pack("ES"), timedelta(days=1)
DUE = date(2021, 3, 1)
LAST = date(2026, 3, 1)
UNPAID = {"1": 10_000, "2": 5_000}
ALARMS = (365, 30, 7)


def looked(as_of: date, *acts: LimitationAct, parts=(("1", DUE),), guarantor=False) -> Look:
    obligors = [Obligor(person_id="B-1", role="debtor")]
    if guarantor:
        obligors.append(Obligor(person_id="G-1", role="guarantor"))
    facts = LimitationFacts(
        claim="contract",
        parts=tuple(DuePart(part=part, due_on=on) for part, on in parts),
        obligors=tuple(obligors),
        acts=acts,
        region="ES-M",
    )
    clocks = limitation_clocks(facts, SPAIN, as_of)
    return look(clocks, a_loan(), UNPAID, people_pack("ES"), as_of, ALARMS)


def demand(on: date) -> LimitationAct:
    return LimitationAct(act_id="D", act="demand", on=on, persons=("B-1",), proof="proven")


def test_nothing_is_read_before_the_first_alarm_that_there_can_be() -> None:
    assert first_look(DUE, SPAIN, ALARMS) == LAST - 365 * DAY
    assert first_look(DUE, SPAIN, (7,)) == LAST - 7 * DAY
    assert first_look(DUE, careful_claim_pack(), ALARMS) == date(2024, 3, 1) - 365 * DAY


def test_no_act_brings_a_last_day_before_the_first_look() -> None:
    for act_on in (DUE, date(2023, 5, 5), LAST):
        again = looked(date(2026, 2, 1), demand(act_on)).again_on
        assert again is not None and again >= first_look(DUE, SPAIN, ALARMS)


@pytest.mark.parametrize(
    ("left", "days_before"), [(366, None), (365, 365), (31, 365), (30, 30), (7, 7), (0, 7)]
)
def test_the_nearest_alarm_that_has_come_is_raised(left: int, days_before: int | None) -> None:
    alarms = looked(LAST - left * DAY).alarms
    assert [(each.last_day, each.days_before) for each in alarms] == (
        [(LAST, days_before)] if days_before else []
    )


def test_somebody_legal_has_until_the_last_day() -> None:
    found = looked(LAST - 30 * DAY)
    [task] = limitation_tasks(found, a_loan(), LAST - 30 * DAY)
    assert (task.role, task.do_by, task.loan_id) == (Role.LEGAL, LAST, "L-1")
    assert task.task_id == "L-1.limitation.2026-03-01.30"
    assert not [*limitation_tasks(None, a_loan(), LAST)]


def test_an_act_moves_the_alarm_of_whom_it_reaches_only() -> None:
    found = looked(LAST - 30 * DAY, demand(date(2026, 1, 5)), guarantor=True)
    [alarm] = found.alarms
    assert (alarm.persons, alarm.last_day) == (("G-1",), LAST)
    both = looked(LAST - 30 * DAY, guarantor=True)
    assert [each.persons for each in both.alarms] == [("B-1", "G-1")]
    [task] = limitation_tasks(both, a_loan(), LAST - 30 * DAY)
    assert "the borrower and 1 more" in task.reason


def test_of_many_instalments_the_next_to_be_lost_is_warned_of() -> None:
    found = looked(LAST - 5 * DAY, parts=(("1", DUE), ("2", date(2021, 4, 1))))
    assert [each.last_day for each in found.alarms] == [LAST]
    after = looked(LAST + DAY, parts=(("1", DUE), ("2", date(2021, 4, 1))))
    assert [each.last_day for each in after.alarms] == [date(2026, 4, 1)]


def test_it_is_looked_at_again_on_the_next_date_and_within_some_months() -> None:
    assert looked(LAST - 100 * DAY).again_on == LAST - 30 * DAY
    assert looked(LAST - 300 * DAY).again_on == LAST - (300 - LOOK_AGAIN_DAYS) * DAY
    assert looked(LAST).again_on == LAST + DAY
    assert looked(LAST + 9 * DAY).again_on == LAST + (9 + LOOK_AGAIN_DAYS) * DAY


def test_what_is_too_old_is_not_asked_for_and_the_last_day_still_is() -> None:
    assert looked(LAST).restraint is None
    restraint = looked(LAST + DAY).restraint
    assert restraint is not None
    assert (restraint.kind, restraint.from_on, restraint.part) == ("time_barred", LAST + DAY, None)
    assert {Block.ARREARS, Block.NOTICES, Block.CALLS, Block.ESCALATION, Block.JUDICIAL} <= set(
        restraint.blocks
    )
    assert Block.ANSWERS not in restraint.blocks and Block.THANKS not in restraint.blocks


def test_of_a_part_that_is_too_old_only_the_part_is_not_asked_for() -> None:
    found = looked(LAST + DAY, parts=(("1", DUE), ("2", date(2021, 4, 1)))).restraint
    assert found is not None
    assert (found.part, found.from_on, found.blocks) == (10_000, LAST + DAY, {Block.BUREAU})


def test_a_new_look_replaces_what_an_earlier_one_restrained_and_nothing_else() -> None:
    stop = Restraint("stop", DUE, None, frozenset({Block.CALLS}), "asked")
    by_hand = Restraint(Kind.TIME_BARRED, DUE, None, frozenset({Block.CALLS}), "court")
    old = looked(LAST + DAY)
    assert restrained((stop,), old) == (stop, old.restraint)
    again = restrained((stop, by_hand, old.restraint), Look(again_on=None))  # type: ignore[arg-type]
    assert again == (stop, by_hand)


def test_nobody_writes_by_hand_that_a_claim_is_too_old() -> None:
    """Only the clocks say so: as a fact of a person, or of a loan, it is refused."""
    for because in (Kind.TIME_BARRED.value, Kind.TIME_BARRED.value.upper()):
        body = {"kind": "hold", "fact_id": "F-1", "reason": "as told", "because": because}
        with pytest.raises(InvalidDocumentError) as refused:
            person_fact_request(json.dumps(body), "B-1", LAST)
        assert {each.field for each in refused.value.problems} == {"because"}
    body = {"kind": Kind.TIME_BARRED.value, "fact_id": "F-1", "reason": "as told"}
    with pytest.raises(InvalidDocumentError):
        fact_request(json.dumps(body), "L-1", "EUR", LAST)
