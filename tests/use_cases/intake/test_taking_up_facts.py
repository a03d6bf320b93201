"""Facts from files: recorded once, after the payments they are about, and refused one by one."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from recovery.documents.accounting.fact_request import fact_request
from recovery.documents.intake.imported import ImportResult
from recovery.domain.accounting.fact import Resume, kind_of
from recovery.domain.accounting.history import Charge, Chargeback
from recovery.domain.accounting.loan import Components, Instalment
from recovery.domain.agreements.restraints import Kind
from recovery.domain.judicial.proceedings import proceedings_of
from recovery.use_cases.accounting.record_fact import record_fact
from recovery.use_cases.monitoring.read_standing import read_standing
from tests.builders import an_actor
from tests.core_system import Core, deliver, morning_of, ports_of

DAY = timedelta(days=1)
GRANTED = date(2026, 1, 15)
START = date(2026, 3, 2)
LATER = date(2026, 3, 20)
COLUMNS = (
    "fact_id,loan_id,kind,reason,on,component,amount,payment_id,reason_code,from,to,pause_id,undoes"
)
FEE = "F-1,L-1,charge,letter of the lawyer,2026-02-20,fee,12.50,,,,,,\n"
PAUSE = "F-2,L-1,pause,flood,,,,,,2026-02-01,,,\n"
RESUME = "F-3,L-1,resume,back at work,,,,,,,,F-2,\n"
UNDO = "F-4,L-1,undo,wrong loan,,,,,,,,,F-1\n"
RETURNED = "F-5,L-1,chargeback,returned,,,30.00,P-1,AM04,,,,\n"


@pytest.fixture
def core() -> Core:
    core = Core()
    for n in (1, 2):
        core.add_person(f"B-{n}")
        schedule = (Instalment(1, date(2026, 2, 15), Components(10_000)),)
        core.lend(f"L-{n}", f"B-{n}", schedule, GRANTED)
    return core


@pytest.fixture
def ports() -> SimpleNamespace:
    return ports_of()


def send(
    core: Core, ports: SimpleNamespace, day: date, facts: str, *, as_of: date | None = None
) -> ImportResult:
    files = core.files() | {"facts": f"{COLUMNS}\n{facts}"}
    return deliver(files, ports, day, as_of=as_of or day)


def facts_of(ports: SimpleNamespace, loan_id: str = "L-1"):
    return {each.fact_id: each for each in ports.loans.recorded(loan_id).facts}


def outstanding(ports: SimpleNamespace, day: date) -> str:
    return read_standing("L-1", morning_of(day), ports)["outstanding"]["total"]


def places(result: ImportResult) -> list[tuple[str, int, str]]:
    assert all(each.problem.reason and each.problem.remedy for each in result.rejections)
    return [(each.file, each.row, each.problem.field) for each in result.rejections]


def test_a_fact_is_recorded_with_the_day_it_became_known_and_only_once(core, ports) -> None:
    for day in (START, LATER):
        result = send(core, ports, day, FEE)
        assert result.rejections == []
    assert (result.facts_recorded, result.facts_unchanged) == (0, 1)
    (record,) = facts_of(ports).values()
    assert record.fact == Charge(date(2026, 2, 20), "fee", 1_250)
    assert (record.known_on, record.reason) == (START, "letter of the lawyer")
    assert record.recorded_by == "portfolio-import"
    assert outstanding(ports, START) == "112.50"


def test_a_fact_counts_from_the_day_that_the_files_show_unless_it_says_another(core, ports) -> None:
    late = FEE.replace("2026-02-20", "")
    send(core, ports, LATER, late, as_of=START)
    record = facts_of(ports)["F-1"]
    assert (record.fact.on, record.known_on) == (START, LATER)
    send(core, ports, LATER + DAY, PAUSE)
    send(core, ports, LATER + 3 * DAY, RESUME, as_of=LATER + 2 * DAY)
    assert facts_of(ports)["F-3"].fact == Resume("F-2", LATER + 3 * DAY)


def test_an_older_delivery_still_tells_what_happened(core, ports) -> None:
    send(core, ports, LATER, PAUSE)
    result = send(core, ports, LATER + DAY, FEE, as_of=START)
    assert result.facts_recorded == 1 and facts_of(ports).keys() == {"F-1", "F-2"}


def test_a_debit_comes_back_in_the_files_that_tell_its_payment(core, ports) -> None:
    send(core, ports, START, FEE)
    core.pay("L-1", "P-1", START, 5_000)
    core.pay("L-2", "P-2", START, 10_000)
    death = "F-1,L-2,chargeback,returned,,,100.00,P-2,MD07,,,,\n"
    result = send(core, ports, LATER, RETURNED + death)
    assert result.rejections == [] and result.facts_recorded == 2
    assert facts_of(ports)["F-5"].fact == Chargeback("P-1", LATER, 3_000, "AM04")
    assert outstanding(ports, LATER) == "92.50"
    (restraint,) = ports.borrowers.load(ports.loans.load("L-2").loan.borrower_id).restraints
    assert restraint.kind == Kind.DEATH


@pytest.mark.parametrize("rows", [RESUME + UNDO + PAUSE + FEE, FEE + PAUSE + UNDO + RESUME])
def test_the_order_of_the_rows_does_not_matter(core, ports, rows) -> None:
    result = send(core, ports, START, rows)
    assert result.rejections == [] and result.facts_recorded == 4
    recorded = ports.loans.recorded("L-1")
    assert [pause.resumed_on for pause in recorded.pauses().values()] == [START]
    assert recorded.history().charges == ()
    again = send(core, ports, LATER, rows)
    assert (again.facts_recorded, again.facts_unchanged) == (0, 4)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (FEE.replace("L-1", "L-9").replace("F-1", "F-9"), "loan_id"),
        (FEE.replace("12.50", "13.50"), "fact_id"),
        (FEE.replace("F-1", "F-9").replace("12.50", "1.005"), "amount"),
        (FEE.replace("F-1", "F-9").replace("2026-02-20", "2026-03-21"), "on"),
        (PAUSE.replace("F-2", "F-9"), "from"),
        (PAUSE.replace("F-2,L-1", "F-9,L-2"), "loan_id"),  # all is paid
        (RETURNED.replace("P-1", "P-9"), "payment_id"),
        (UNDO.replace("F-1\n", "F-7\n"), "undoes"),
        (RESUME.replace("F-2", ""), "pause_id"),
    ],
)
def test_what_cannot_be_recorded_names_its_row_and_costs_no_other(core, ports, row, column) -> None:
    core.pay("L-2", "P-2", START, 10_000)
    send(core, ports, START, PAUSE + FEE)
    before = facts_of(ports).keys() | {"F-6"}
    result = send(core, ports, LATER, row + FEE.replace("F-1", "F-6"))
    assert places(result) == [("facts", 1, column)]
    assert result.facts_recorded == 1
    assert facts_of(ports).keys() == before and not facts_of(ports, "L-2")


def test_a_fact_told_by_api_is_known_again_in_a_file(core, ports) -> None:
    send(core, ports, START, PAUSE)
    body = '{"fact_id": "F-8", "kind": "waiver", "reason": "agreed", "component": "principal"}'
    request = fact_request(body, "L-1", "EUR", START)
    record_fact(request, an_actor(), morning_of(START), ports)
    result = send(core, ports, LATER, "F-8,L-1,waiver,agreed,,principal,,,,,,,\n")
    assert (result.facts_unchanged, result.rejections) == (1, [])
    assert {kind_of(each.fact) for each in facts_of(ports).values()} == {"pause", "waiver"}


IN_COURT = "fact_id,loan_id,kind,reason,on,persons,procedure,suit_id,step,by_on,codes,reference"
DEEP = """S-1,L-1,suit,from the papers,2026-02-25,B-1,ES_MONITORIO,,,,,
H-1,L-1,court_step,from the papers,2026-02-27,,,S-1,hearing,2026-04-09,,
"""


def test_a_case_that_is_in_court_already_comes_with_its_steps(core, ports) -> None:
    files = core.files() | {"facts": f"{IN_COURT}\n{DEEP}"}
    imported = deliver(files, ports, START, as_of=START)
    assert imported.rejections == []
    assert set(facts_of(ports)) == {"S-1", "H-1"}
    [suit] = proceedings_of(ports.loans.recorded("L-1").counting())
    assert [each.by_on for each in suit.waits()] == [date(2026, 4, 9)]
    assert ports.loans.load("L-1").state.facts.court == "pending"


def test_no_file_opens_the_way_to_court_and_a_step_names_its_suit(core, ports) -> None:
    wrong = """C-1,L-1,pre_action_check,checked,,,,,,,MASC,file-7
H-1,L-1,court_step,from the papers,,,,S-9,served,,,
"""
    files = core.files() | {"facts": f"{IN_COURT}\n{wrong}"}
    imported = deliver(files, ports, START, as_of=START)
    assert {(e.row, e.problem.field) for e in imported.rejections} == {(1, "codes"), (2, "suit_id")}
    assert facts_of(ports) == {}
