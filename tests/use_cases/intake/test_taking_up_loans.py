"""What a delivery changes about loans on record, what it cannot, and what it lacks."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from recovery.documents.portfolio.loan_list import NamedLoan
from recovery.domain.accounting.agreed import Booked
from recovery.domain.accounting.details import DetailsChange
from recovery.domain.accounting.fact import Undo
from recovery.domain.accounting.history import ScheduleVersion, WriteOff
from recovery.domain.accounting.loan import Components, Instalment, LoanProfile
from recovery.domain.accounting.ownership import OwnerChange
from recovery.domain.agreements.fact_request import FactRequest, Restructure
from recovery.domain.agreements.reage import Reage
from recovery.domain.schedules.due_dates import Frequency
from recovery.domain.shared.errors import RefusedError
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.accounting.record_fact import record_fact
from recovery.use_cases.portfolio.transfer_loans import transfer_loans
from tests.builders import an_actor
from tests.core_system import Core, Files, deliver, morning_of, ports_of

DAY = timedelta(days=1)
START = date(2026, 3, 2)
LATER = date(2026, 3, 20)
SCHEDULE = tuple(
    Instalment(n, date(2026, 2, 15) + 30 * (n - 1) * DAY, Components(10_000, 500))
    for n in (1, 2, 3)
)
MOVED = (SCHEDULE[0], *(each._replace(due_date=each.due_date + 9 * DAY) for each in SCHEDULE[1:]))


@pytest.fixture
def core() -> Core:
    core = Core()
    core.add_person("B-1")
    core.add_person("B-2")
    core.lend("L-1", "B-1", SCHEDULE, date(2026, 1, 15))
    core.lend("L-2", "B-2", SCHEDULE, date(2026, 1, 15), portfolio="Zuid")
    return core


@pytest.fixture
def ports(core: Core) -> SimpleNamespace:
    ports = ports_of()
    deliver(core.files(), ports, START, as_of=START)
    return ports


def facts_of(ports: SimpleNamespace, loan_id: str = "L-1") -> list[object]:
    return [each.fact for each in ports.loans.recorded(loan_id).facts]


def without(files: Files, kind: str, *columns: str) -> Files:
    rows = list(csv.DictReader(io.StringIO(files[kind])))
    stream = io.StringIO(newline="")
    kept = [name for name in rows[0] if name not in columns]
    writer = csv.DictWriter(stream, kept, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return {**files, kind: stream.getvalue()}


def test_changed_details_are_a_dated_fact_with_what_they_replace(core, ports) -> None:
    core.loans["L-1"].row |= {"advisor_name": "Sanne Bakker", "place": "Zeist", "portfolio": "Zuid"}
    result = deliver(core.files(), ports, LATER, as_of=LATER - DAY)
    assert (result.loans_changed, result.loans_unchanged) == (1, 1)
    loan = ports.loans.load("L-1").loan
    assert (loan.advisor_name, loan.portfolio) == ("Sanne Bakker", "Zuid")
    assert loan.profile == LoanProfile(branch="Utrecht", place="Zeist")
    [fact] = facts_of(ports)
    assert fact == DetailsChange(
        LATER - DAY,
        {"advisor_name": "Sanne Bakker", "place": "Zeist", "portfolio": "Zuid"},
        {"advisor_name": "Peter de Vries", "place": None, "portfolio": "Noord"},
    )
    [outbox] = ports.loans.outboxes("L-1")
    assert "Sanne" not in str(outbox)  # other systems and the timeline learn what changed, not whom
    assert "advisor name, place, portfolio changed" in outbox.timeline[0].text


def test_details_from_the_core_are_corrected_there(core, ports) -> None:
    core.loans["L-1"].row["place"] = "Zeist"
    deliver(core.files(), ports, LATER)
    [record] = ports.loans.recorded("L-1").facts
    undo = FactRequest(fact_id="U-1", loan_id="L-1", fact=Undo(record.fact_id, LATER), reason="No.")
    with pytest.raises(RefusedError, match="Correct it there"):
        record_fact(undo, an_actor(), morning_of(LATER), ports)


def test_a_column_that_is_not_there_tells_nothing_and_an_empty_cell_does(core, ports) -> None:
    files = without(core.files(), "loans", "branch", "place")
    files = without(files, "borrowers", "email", "phone")
    deliver(files, ports, LATER)
    assert ports.loans.load("L-1").loan.profile.branch == "Utrecht"
    assert ports.borrowers.load("B-1").email == "b-1@example.org"
    assert facts_of(ports) == []
    core.loans["L-1"].row["branch"] = ""
    core.people["B-1"]["email"] = ""
    deliver(core.files(), ports, LATER)
    assert ports.loans.load("L-1").loan.profile.branch is None
    assert ports.borrowers.load("B-1").email is None


@pytest.mark.parametrize(
    ("declared", "on"),
    [
        ({"as_of": LATER - DAY}, LATER - DAY),
        ({"as_of": LATER, "schedule_from_on": date(2026, 3, 10)}, date(2026, 3, 10)),
        ({}, LATER),
        ({"as_of": LATER + 9 * DAY}, LATER),  # nothing is known of a day to come
    ],
)
def test_a_changed_schedule_is_a_version_from_the_core(core, ports, declared, on) -> None:
    core.loans["L-1"].change(LATER, MOVED)
    deliver(core.files(), ports, LATER, **declared)
    [version] = facts_of(ports)
    assert isinstance(version, ScheduleVersion)
    assert (version.kind, version.version, version.on) == ("from_core", 2, on)
    stored = ports.loans.load("L-1")
    assert stored.loan.schedule == MOVED and stored.loan.schedule_agreed == SCHEDULE
    assert "L-1" in ports.loans.needs_review
    deliver(core.files(), ports, LATER, **declared)
    deliver(core.files(), ports, LATER + DAY)
    assert facts_of(ports) == [version]


def test_a_schedule_that_comes_back_is_a_version_again(core, ports) -> None:
    for n, schedule in enumerate((MOVED, SCHEDULE, MOVED, SCHEDULE)):
        core.loans["L-1"].change(LATER, schedule)
        deliver(core.files(), ports, LATER, delivery_id=f"D-{n}", as_of=LATER)
        assert ports.loans.load("L-1").loan.schedule == schedule
    assert sorted(each.version for each in facts_of(ports)) == [2, 3, 4, 5]


def test_the_core_may_follow_what_was_agreed_here(core, ports) -> None:
    agreed = Restructure(
        Reage(start=date(2026, 4, 1), frequency=Frequency(1, "months"), instalments=4), LATER
    )
    request = FactRequest(fact_id="R-1", loan_id="L-1", fact=agreed, reason="Agreed.")
    record_fact(request, an_actor(), morning_of(LATER), ports)
    ours = ports.loans.load("L-1").loan.schedule
    deliver(core.files(), ports, LATER + DAY)  # the core does not know yet
    assert ports.loans.load("L-1").loan.schedule == ours
    owed = (each for each in ours if each.due.total)
    theirs = tuple(each._replace(number=n) for n, each in enumerate(owed, start=1))
    core.loans["L-1"].change(LATER, theirs)
    deliver(core.files(), ports, LATER + 2 * DAY)
    made, booked = facts_of(ports)  # which confirms it
    assert (made.kind, booked) == ("reage", Booked("R-1", LATER + 2 * DAY))
    assert ports.loans.load("L-1").state.facts.unbooked_since is None
    core.loans["L-1"].change(LATER, MOVED)  # but then it changes again
    deliver(core.files(), ports, LATER + 3 * DAY)
    assert facts_of(ports)[-1].kind == "from_core"
    assert ports.loans.load("L-1").loan.schedule_version == 3


def test_the_first_rate_told_is_a_detail_and_another_one_a_version(core, ports) -> None:
    for rate in ("9.50", "9.5", "11"):
        for loan in core.loans.values():
            loan.row["annual_rate_pct"] = rate
        deliver(core.files(), ports, LATER, delivery_id=rate)
    facts = {type(each): each for each in facts_of(ports)}
    assert len(facts_of(ports)) == 2
    assert facts[DetailsChange].details == {"annual_rate_pct": "9.50"}
    assert str(facts[ScheduleVersion].annual_rate_pct) == "11"
    assert str(ports.loans.load("L-1").loan.annual_rate_pct) == "9.50"


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"borrower_id": "B-2"}, "borrower_id"),
        ({"disbursed_on": "2026-01-16"}, "disbursed_on"),
        ({"currency": "USD"}, "currency"),
    ],
)
def test_what_makes_a_loan_this_loan_is_never_changed(core, ports, change, column) -> None:
    before = ports.loans.load("L-1")
    core.loans["L-1"].row |= {**change, "place": "Zeist"}
    result = deliver(core.files(), ports, LATER)
    [rejection] = result.rejections
    assert (rejection.file, rejection.row, rejection.problem.field) == ("loans", 1, column)
    assert "on record with" in rejection.problem.reason and rejection.problem.remedy
    assert ports.loans.load("L-1") == before


def test_another_principal_is_another_loan(core, ports) -> None:
    core.loans["L-1"].change(LATER, SCHEDULE[:2])
    [rejection] = deliver(core.files(), ports, LATER).rejections
    assert (rejection.problem.field, rejection.problem.code) == ("principal", "conflict")
    assert "is 200.00, but L-1 is on record with 300.00" in rejection.problem.reason


def test_a_schedule_that_cannot_be_taken_up_names_its_row(core, ports) -> None:
    given_up = FactRequest(fact_id="W", loan_id="L-2", fact=WriteOff(START), reason="Lost.")
    record_fact(given_up, an_actor(), morning_of(START), ports)
    core.loans["L-2"].change(LATER, MOVED)
    [rejection] = deliver(core.files(), ports, LATER).rejections
    assert (rejection.row, rejection.loan_id) == (2, "L-2")
    assert "written off" in rejection.problem.reason


def test_payments_of_a_known_loan_are_posted_once_however_the_row_is(core, ports) -> None:
    core.pay("L-1", "P-1", START, 10_500)
    core.loans["L-1"].row["disbursed_on"] = "2026-01-16"
    for _ in range(2):
        result = deliver(core.files(), ports, LATER)
    assert (result.payments_added, result.payments_unchanged) == (0, 1)
    assert ports.loans.load("L-1").state.position.paid[0].total == 10_500


def test_an_older_delivery_adds_what_is_new_and_changes_nothing(core, ports) -> None:
    core.loans["L-1"].row["place"] = "Zeist"
    core.people["B-1"]["phone"] = "+31612345678"
    core.add_person("B-3")
    core.lend("L-3", "B-3", SCHEDULE, date(2026, 1, 15))
    core.pay("L-2", "P-9", START, 500)
    result = deliver(core.files(), ports, LATER, as_of=START - DAY, full=True)
    assert (result.loans_added, result.payments_added, result.borrowers_saved) == (1, 1, 1)
    assert (result.loans_left, result.borrowers_left, result.loans_changed) == (1, 1, 0)
    assert ports.loans.load("L-1").loan.profile.place is None
    places = [(each.file, each.row, each.problem.code) for each in result.rejections]
    assert places == [("borrowers", 0, "conflict"), ("loans", 0, "conflict")]
    assert f"as of {START - DAY}, but that of {START}" in result.rejections[0].problem.reason


def test_files_that_say_no_day_are_never_older(core, ports) -> None:
    deliver(core.files(), ports, LATER, as_of=LATER)
    ports.institutions.days["umoja"] = InstitutionDay(business_date=LATER - DAY)  # not open yet
    core.loans["L-1"].row["place"] = "Zeist"
    result = deliver(core.files(), ports, LATER, delivery_id="D-2")
    assert (result.loans_changed, result.loans_left) == (1, 0)
    [fact] = facts_of(ports)
    assert fact.on == LATER - DAY  # the business date


def test_sources_do_not_overtake_each_other(core, ports) -> None:
    core.loans["L-1"].row["place"] = "Zeist"
    result = deliver(core.files(), ports, LATER, as_of=START - DAY, source="branch")
    assert (result.loans_changed, result.loans_left) == (1, 0)


def test_payments_alone_say_nothing_about_the_newest_state(core, ports) -> None:
    core.pay("L-1", "P-1", START, 100)
    payments = {"payments": core.files()["payments"]}
    assert deliver(payments, ports, LATER, as_of=LATER).payments_added == 1
    assert ports.deliveries.last("core").as_of == START


def test_loans_missing_from_a_full_delivery_are_reported_and_kept(core, ports) -> None:
    core.lend("L-3", "B-1", SCHEDULE, date(2026, 1, 15))
    core.lend("L-4", "B-1", SCHEDULE, date(2026, 1, 15))
    core.pay("L-4", "P-4", START, 31_500)  # paid off: the core forgets it
    deliver(core.files(), ports, START, as_of=START)
    for loan_id in ("L-3", "L-4"):
        del core.loans[loan_id]
    assert deliver(core.files(), ports, LATER).loans_missing == 0  # not said to be full
    result = deliver(core.files(), ports, LATER, full=True)
    [rejection] = result.rejections
    assert result.loans_missing == 1
    assert (rejection.file, rejection.row, rejection.loan_id) == ("loans", 0, "L-3")
    assert ports.loans.load("L-3").loan.loan_id == "L-3"


def test_a_loan_sold_outside_is_not_missed(core, ports) -> None:
    core.lend("L-3", "B-1", SCHEDULE, date(2026, 1, 15))
    deliver(core.files(), ports, START, as_of=START)
    ports.institutions.days["umoja"] = InstitutionDay(START)
    sale = OwnerChange(
        change_id="list-7", kind="sale", executed_on=START, creditor="Fondo Norte", outside=True
    )
    now = morning_of(LATER)
    assert transfer_loans([NamedLoan(1, "L-3")], sale, "umoja", an_actor(), now, ports).transferred
    del core.loans["L-3"]
    assert deliver(core.files(), ports, LATER, full=True).loans_missing == 0


def test_a_full_delivery_of_one_portfolio_misses_no_loan_of_another(core, ports) -> None:
    del core.loans["L-2"]  # the only one of Zuid
    assert deliver(core.files(), ports, LATER, full=True).loans_missing == 0
