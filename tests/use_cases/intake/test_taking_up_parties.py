"""Parties and collateral from files: recorded once, changed by date, kept when they are missing."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from recovery.documents.intake.imported import ImportResult
from recovery.domain.accounting.collateral import Valuation
from recovery.domain.accounting.loan import Components, Instalment
from recovery.domain.accounting.party import Party
from tests.core_system import Core, deliver, ports_of

DAY = timedelta(days=1)
GRANTED = date(2026, 1, 15)
START = date(2026, 3, 2)
LATER = date(2026, 3, 20)
PARTIES = "loan_id,person_id,role,liability,share_pct,limit,subsidiary,from_on,until\n"
COLLATERAL = (
    "collateral_id,loan_id,kind,description,value,currency,reference,insurer,valid_until,covers\n"
)
GUARANTOR = "L-1,B-2,guarantor,,,50.00,true,,\n"
VAN = "C-1,L-1,vehicle,van,900.00,EUR,12-ABC-3,,,\n"
LIFE = "C-2,L-1,credit_life_insurance,,100.00,EUR,POL-7,Seguros,2027-01-15,death\n"


@pytest.fixture
def core() -> Core:
    core = Core()
    for n in (1, 2, 3):
        core.add_person(f"B-{n}")
    schedule = (Instalment(1, date(2026, 4, 15), Components(10_000)),)
    core.lend("L-1", "B-1", schedule, GRANTED)
    return core


@pytest.fixture
def ports() -> SimpleNamespace:
    return ports_of()


def send(
    core: Core, ports: SimpleNamespace, day: date, *, parties: str = "", collateral: str = ""
) -> ImportResult:
    files = dict(core.files())
    if parties:
        files["parties"] = PARTIES + parties
    if collateral:
        files["collateral"] = COLLATERAL + collateral
    return deliver(files, ports, day, as_of=day)


def parties_of(ports: SimpleNamespace) -> list[Party]:
    return sorted(ports.loans.recorded("L-1").parties_said(), key=lambda each: each.from_on)


def collateral_of(ports: SimpleNamespace):
    return [each.collateral for each in ports.collateral.of_loan("L-1")]


def test_a_party_is_recorded_from_disbursement_and_only_once(core, ports) -> None:
    for day in (START, LATER):
        result = send(core, ports, day, parties=GUARANTOR)
        assert result.rejections == []
    assert (result.parties_recorded, result.parties_unchanged) == (0, 1)
    [party] = parties_of(ports)
    assert party == Party(
        person_id="B-2",
        role="guarantor",
        from_on=GRANTED,
        limit_minor=5_000,
        subsidiary=True,
    )


def test_what_changes_about_a_party_is_another_row_from_that_day(core, ports) -> None:
    send(core, ports, START, parties=GUARANTOR)
    raised = GUARANTOR.replace("50.00", "80.00")
    for day in (LATER, LATER + DAY):
        assert send(core, ports, day, parties=raised).rejections == []
    before, after = parties_of(ports)
    assert (before.limit_minor, before.until) == (5_000, LATER - DAY)
    assert (after.limit_minor, after.from_on, after.until) == (8_000, LATER, None)


def test_a_party_ends_on_its_last_day_and_stays_when_it_is_missing(core, ports) -> None:
    send(core, ports, START, parties=GUARANTOR)
    send(core, ports, LATER, parties="L-1,B-3,co_borrower,share,40,,,2026-03-01,\n")
    assert [each.until for each in parties_of(ports)] == [None, None]
    ended = GUARANTOR.replace(",,\n", f",,{LATER}\n")
    for _ in range(2):
        assert send(core, ports, LATER + DAY, parties=ended).rejections == []
    guarantor, co_borrower = parties_of(ports)
    assert guarantor.until == LATER
    assert (co_borrower.share_pct, co_borrower.from_on) == (Decimal(40), date(2026, 3, 1))


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("L-1,B-9,guarantor,,,,,,\n", "person_id"),  # not on record
        ("L-9,B-2,guarantor,,,,,,\n", "loan_id"),
        ("L-1,B-2,co_borrower,joint_and_several,,,true,,\n", "subsidiary"),
        ("L-1,B-2,guarantor,,,,,2026-02-01,2026-01-20\n", "until"),
    ],
)
def test_a_party_that_cannot_be_taken_up_names_its_row(core, ports, line, column) -> None:
    result = send(core, ports, START, parties="L-1,B-3,guarantor,,,,,,\n" + line)
    [rejection] = result.rejections
    assert (rejection.file, rejection.row, rejection.problem.field) == ("parties", 2, column)
    assert result.parties_recorded == 1


def test_collateral_is_recorded_once_with_every_value(core, ports) -> None:
    send(core, ports, START, collateral=VAN + LIFE)
    cheaper = VAN.replace("900.00", "750.00")
    for day in (LATER, LATER + DAY):
        result = send(core, ports, day, collateral=cheaper + LIFE)
        assert result.rejections == []
    assert (result.collateral_recorded, result.collateral_unchanged) == (0, 2)
    van, life = collateral_of(ports)
    assert van.valuations == (Valuation(GRANTED, 90_000), Valuation(LATER, 75_000))
    assert (life.covers, life.until, life.person_id) == ({"death"}, date(2027, 1, 15), "B-1")
    ended = LIFE.replace("2027-01-15", "2026-12-31")
    send(core, ports, LATER + DAY, collateral=ended)
    assert [each.until for each in collateral_of(ports)] == [None, date(2026, 12, 31)]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (VAN.replace("900.00,EUR", ","), "value"),
        (VAN.replace("EUR", "USD"), "currency"),
        (VAN.replace("L-1", "L-9"), "loan_id"),
        (LIFE.replace("death", ""), "covers"),
    ],
)
def test_collateral_that_cannot_be_taken_up_names_its_row(core, ports, line, column) -> None:
    [rejection] = send(core, ports, START, collateral=line).rejections
    assert (rejection.file, rejection.row, rejection.problem.field) == ("collateral", 1, column)
    assert collateral_of(ports) == []


def test_another_thing_under_the_same_id_is_refused(core, ports) -> None:
    send(core, ports, START, collateral=VAN)
    [rejection] = send(core, ports, LATER, collateral=VAN.replace("van", "lorry")).rejections
    assert rejection.problem.code == "conflict"
    assert collateral_of(ports)[0].description == "van"


def test_an_older_delivery_changes_no_party_and_no_collateral(core, ports) -> None:
    send(core, ports, LATER, parties=GUARANTOR, collateral=VAN)
    older = GUARANTOR.replace("50.00", "80.00"), VAN.replace("900.00", "750.00")
    send(core, ports, START, parties=older[0], collateral=older[1])
    assert [each.limit_minor for each in parties_of(ports)] == [5_000]
    assert len(collateral_of(ports)[0].valuations) == 1
