"""recovery rights: a person's rights by command, with every answer in words."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner, Result

from infra.command_line import app, rights
from infra.command_line.options import console
from infra.deployment.target import TargetError
from recovery.adapters import aws
from recovery.ports.accounting import StoredLoan
from recovery.settings import Settings
from recovery.wiring import Wiring
from tests.adapters.conftest import in_memory_aws, table  # noqa: F401  fixtures
from tests.builders import a_borrower, a_loan, a_state, an_institution
from tests.fakes import FakeEvidenceStore

run = CliRunner()
BY = ("--by", "Ana Torres")


@pytest.fixture
def ports(table: str, monkeypatch: pytest.MonkeyPatch):  # noqa: F811
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    wiring = Wiring(Settings(table="recovery", shards=1, note_key_arn=key))
    ports = wiring.of("umoja")
    vars(ports)["evidence"] = FakeEvidenceStore()
    wiring.institutions.save(an_institution())
    ports.borrowers.save_contact_details(a_borrower())
    target = SimpleNamespace(wiring=wiring, of=wiring.of, embedded=object())
    target.institution = lambda wanted: "umoja"
    monkeypatch.setattr(rights, "find_target", lambda *, real: target)
    monkeypatch.setattr(console, "_width", 200)
    return ports


def say(*arguments: str) -> Result:
    return run.invoke(app, ["rights", *arguments, *BY])


def refused(result: Result) -> str:
    assert isinstance(result.exception, TargetError), result.output
    return str(result.exception)


def test_access_prints_json(ports) -> None:
    held = json.loads(say("access", "B-1").stdout)
    assert held["details"]["name"] == a_borrower().name


def test_a_correction_is_made_once_and_says_what_was_put_right(ports) -> None:
    arguments = ("correct", "B-1", "--phone", "+254711000009", "--email", "", "--id", "R-1")
    assert say(*arguments).output == "Answered (R-1); put right: email, phone\n"
    assert say(*arguments).output.startswith("Answered before, nothing has changed (R-1)")
    person = ports.borrowers.load("B-1")
    assert (person.phone, person.email) == ("+254711000009", None)
    assert "R-1" in refused(say("correct", "B-1", "--name", "Grace A.", "--id", "R-1"))
    assert "details" in refused(say("correct", "B-1"))


@pytest.mark.parametrize(
    ("command", "stopped"), [("object", "messages.education"), ("restrict", "judicial")]
)
def test_what_is_stopped_is_named(ports, command, stopped) -> None:
    assert stopped in say(command, "B-1").output
    assert len(ports.borrowers.load("B-1").restraints) == 1


def test_an_erasure_says_what_stays_and_why(ports) -> None:
    loan = a_loan()
    ports.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    output = say("erase", "B-1").output
    assert "; erased: notes, former contact details\n" in output
    assert "- name and addresses stays: L-1 still to be paid" in output
    assert "Note: systems that send files" in output


def test_a_legal_hold_is_placed_and_released(ports) -> None:
    assert "suit to come" in say("hold", "B-1", "H-1", "--why", "suit to come").output
    assert "; erased: nothing\n" in say("erase", "B-1").output
    assert "H-1 on B-1 ended" in say("release", "B-1", "H-1").output
    assert "H-2" in refused(say("release", "B-1", "H-2"))
    assert "B-404" in refused(say("hold", "B-404", "H-1", "--why", "suit to come"))
