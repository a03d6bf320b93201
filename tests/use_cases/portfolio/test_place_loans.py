"""Loans are placed, kept quiet here, reported on, called back; S14: only what is needed goes."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest

from recovery.documents.portfolio.placement_reports import ReportRow
from recovery.domain.accounting.loan import LoanProfile
from recovery.domain.accounting.placement import FirmKind
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.errors import NotAllowedError, RefusedError
from recovery.use_cases.portfolio.place_loans import place_loans, recall_loans
from recovery.use_cases.portfolio.report_placements import placements, take_report, take_reports
from tests.life import OFFICER, SUPERVISOR, Life

START, DAY = date(2026, 1, 20), timedelta(days=1)
LATE = date(2026, 2, 10)
FIRM = "Bufete Ríos"
THEM = Actor(id="arn:aws:iam::1:user/rios", name=FIRM, roles=frozenset({Role.SERVICE}))
OTHERS = Actor(id="arn:aws:iam::1:user/x", name="Another firm", roles=frozenset({Role.SERVICE}))


class Packages:
    """What was handed over, by placement."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, placement_id: str, package: bytes) -> None:
        self.kept[placement_id] = package


@pytest.fixture
def life(wiring) -> Life:
    wiring.packages = Packages()
    life = Life(wiring, START)
    life.lend(profile=LoanProfile(purpose="consumer", law="ES", place="ES-M"))
    life.until(LATE)
    life.pay("L-1", 1_000, payer_kind="other", payer_id="X-9")
    life.until(LATE + 10 * DAY)
    return life


def place(life: Life, *loans: str, kind: FirmKind = FirmKind.LAW_FIRM, by: Any = SUPERVISOR) -> Any:
    loans = loans or ("L-1",)
    done = place_loans(loans, "p-1", FIRM, kind, "umoja", by, life._now(), life.ports)
    life.settle()
    return done


def package(life: Life, name: str = "L-1.json") -> Any:
    with zipfile.ZipFile(io.BytesIO(life.ports.packages.kept["p-1"])) as archive:
        return json.loads(archive.read(name))


def row(life: Life, status: str = "in_contact", **changes: Any) -> ReportRow:
    values = {
        **{"number": 1, "loan_id": "L-1", "report_id": f"R-{status}", "placement_id": "p-1"},
        **{"status": status, "on": life.today, "amount": None, "reference": ""},
        **changes,
    }
    return ReportRow(**values)


def shown(life: Life) -> list[dict[str, Any]]:
    return placements("umoja", life._now(), life.ports, shards=1)


def test_a_placed_loan_is_silent_here_until_it_is_called_back(life) -> None:
    assert place(life).loans == 1
    told = len(life.ports.messenger.emails)
    life.until(life.today + 40 * DAY)
    assert len(life.ports.messenger.emails) == told
    done = recall_loans(["L-1"], "r-1", "umoja", SUPERVISOR, life._now(), life.ports)
    assert (done.loans, done.refused) == (1, [])
    life.settle()
    assert shown(life) != []  # until the close of the day
    life.until(life.today + 20 * DAY)
    assert shown(life) == []
    assert len(life.ports.messenger.emails) > told


def test_an_answer_that_is_owed_is_given_while_a_firm_handles_the_loan(life) -> None:
    life.say("L-1", "dispute", about="wrong_amount", amount="10.00", fact_id="DIS-1")
    place(life)
    life.until(life.today + 3 * DAY)
    told = len(life.mails())
    life.say(
        "L-1", "dispute_end", by=SUPERVISOR, dispute_id="DIS-1", outcome="rejected",
        answer="The amount is that of the contract.",
    )  # fmt: skip
    life.until(life.today + 3 * DAY)
    assert len(life.mails()) == told + 1


def test_the_package_has_what_a_law_firm_needs_and_its_hashes(life) -> None:
    done = place(life)
    found = package(life)
    assert found["debtor"]["name"] and found["claim"]["total"] and found["schedule"]
    assert found["limitation"] and found["checklist"]
    text = json.dumps(found)
    for absent in ("X-9", "@example.org", "contacted_on", "recorded_by"):
        assert absent not in text
    content = life.ports.packages.kept["p-1"]
    assert hashlib.sha256(content).hexdigest() == done.sha256
    manifest = package(life, "manifest.json")["sha256"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name, digest in manifest.items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    link = life.ports.chain.links("L-1")[-1]
    assert link.entry.act == "handed over" and done.sha256 in link.entry.about


def test_a_servicer_gets_open_addresses_and_no_claim(life) -> None:
    place(life, kind=FirmKind.SERVICER)
    found = package(life)
    assert found["contact"]["channels"]["email"] == "b-1@example.org"
    assert not {"claim", "parties", "checklist"} & found.keys()
    assert "X-9" not in json.dumps(found)


def test_whoever_opted_out_is_handed_over_without_the_address(life) -> None:
    from dataclasses import replace

    person = replace(life.ports.borrowers.load("B-1"), email_consent=False, phone=None)
    life.ports.borrowers.save_contact_details(person)
    place(life, kind=FirmKind.SERVICER)
    assert package(life)["contact"]["channels"] == {}


def test_placing_again_completes_and_changes_nothing_twice(life) -> None:
    first = place(life)
    before = life.ports.loans.recorded("L-1").owners
    life.until(life.today + 2 * DAY)
    again = place(life)
    assert (again.loans, again.unchanged) == (0, 1)
    assert life.ports.loans.recorded("L-1").owners == before
    assert first.sha256  # made anew, from what is known now
    assert again.sha256 == hashlib.sha256(life.ports.packages.kept["p-1"]).hexdigest()


def test_if_one_loan_is_refused_none_is_placed_and_nothing_handed_over(life) -> None:
    done = place(life, "L-1", "L-404")
    assert [each.loan_id for each in done.refused] == ["L-404"]
    assert life.ports.packages.kept == {}
    assert life.ports.loans.recorded("L-1").owners == ()


def test_only_a_supervisor_places(life) -> None:
    with pytest.raises(RefusedError, match="may not let loans change hands"):
        place(life, by=OFFICER)
    assert life.ports.packages.kept == {}


def test_the_firm_reports_and_it_is_on_timeline_bus_and_list(life) -> None:
    place(life)
    life.until(life.today + 2 * DAY)
    assert shown(life)[0]["status"] == "no report yet"
    assert take_report(row(life), THEM, life._now(), life.ports)
    assert not take_report(row(life), THEM, life._now(), life.ports)
    life.settle()
    [found] = shown(life)
    assert (found["firm"], found["status"], found["recall"]) == (FIRM, "in_contact", False)
    assert any("reported of placement p-1" in e.text for e in life.ports.timeline.entries("L-1"))
    assert [e.name for e in life.ports.bus.events].count("PlacementReported") == 1
    take_report(row(life, "disputed"), THEM, life._now(), life.ports)
    assert shown(life)[0]["recall"] is True


def test_another_firm_may_not_report_and_a_person_of_ours_may(life) -> None:
    place(life)
    life.until(life.today + 2 * DAY)
    for by in (OTHERS, OFFICER):
        with pytest.raises(NotAllowedError):
            take_report(row(life), by, life._now(), life.ports)
    assert take_report(row(life), SUPERVISOR, life._now(), life.ports)


def test_a_file_names_each_row_that_cannot_be_used(life) -> None:
    place(life)
    life.until(life.today + 2 * DAY)
    rows = [
        row(life),
        row(life, "paid", number=2),
        row(life, "filed", number=3, loan_id="L-404"),
        row(life, "promised", number=4, amount="1.001"),
        row(life, "promised", number=5, amount="50.00"),
    ]
    done = take_reports(rows, SUPERVISOR, life._now(), life.ports)
    assert done.recorded == 2
    assert [(e.number, e.problem.field) for e in done.refused] == [
        (2, "amount"),
        (3, "loan_id"),
        (4, "amount"),
    ]


def test_a_report_of_money_is_no_payment(life) -> None:
    place(life)
    life.until(life.today + 2 * DAY)
    before = life.standing()["outstanding"]
    take_report(row(life, "paid", amount="50.00"), THEM, life._now(), life.ports)
    life.settle()
    assert life.standing()["outstanding"] == before
