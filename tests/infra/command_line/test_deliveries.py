"""Contact changes that wait are listed and decided from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from functools import partial
from types import SimpleNamespace

import pytest
from moto import mock_aws
from typer.testing import CliRunner

from infra.command_line import app, deliveries
from infra.deployment.target import Target, TargetError
from recovery.adapters import aws
from recovery.adapters.storage import S3Inbox
from tests.core_system import Core, deliver, morning_of, ports_of
from tests.in_memory_aws import stay_in_memory

run = CliRunner()
START, LATER = date(2026, 3, 2), date(2026, 3, 20)
SAYS = ["--by", "Ana Torres", "--why", "The branch confirmed them."]


@pytest.fixture
def target(monkeypatch) -> Iterator[SimpleNamespace]:
    """A target in memory with one delivery whose phone numbers wait."""
    stay_in_memory(monkeypatch, "us-east-1")
    core, ports = Core(), ports_of()
    for n in range(6):
        core.add_person(f"B-{n}")
    deliver(_people(core), ports, START, as_of=START)
    for person in core.people.values():
        person["phone"] = "+31612345678"
    deliver(_people(core), ports, LATER, delivery_id="D-7", as_of=LATER)
    ports.inbox, ports.now = S3Inbox, lambda: morning_of(LATER)
    target = SimpleNamespace(
        wiring=ports,
        of=lambda institution_id: ports,
        embedded=True,
        outputs={"ImportBucketName": "imports"},
    )
    target.institution = partial(Target.institution, target)
    monkeypatch.setattr(deliveries, "find_target", lambda *, real: target)
    with mock_aws():
        s3 = aws.client("s3")
        s3.create_bucket(Bucket="imports")
        manifest = {"institution_id": "umoja", "files": {"borrowers": "borrowers.csv"}}
        for name, text in (
            ("borrowers.csv", _people(core)["borrowers"]),
            ("manifest.json", json.dumps(manifest)),
        ):
            s3.put_object(Bucket="imports", Key=f"imports/umoja/D-7/{name}", Body=text.encode())
        yield target


def _people(core: Core) -> dict[str, str]:
    rows = [*core.people.values()]
    return {"borrowers": "\n".join([",".join(rows[0]), *(",".join(r.values()) for r in rows)])}


def test_what_waits_is_listed_with_a_sample_and_without_a_number(target) -> None:
    shown = run.invoke(app, ["deliveries"], env={"COLUMNS": "200"}).output
    for part in ("D-7", "2026-03-20", "B-0, B-1", "waits"):
        assert part in shown
    assert "+316" not in shown


def test_one_command_accepts_and_another_rolls_back(target) -> None:
    accepted = run.invoke(app, ["decide-import", "D-7", "accept", *SAYS])
    assert accepted.exit_code == 0, accepted.exception
    assert "for 6 people something changed" in accepted.output
    assert target.wiring.borrowers.load("B-3").phone == "+31612345678"
    rolled_back = run.invoke(app, ["decide-import", "D-7", "roll-back", *SAYS])
    assert "for 6 people something changed" in rolled_back.output
    assert target.wiring.borrowers.load("B-3").phone == "+31600000003"
    shown = run.invoke(app, ["deliveries"], env={"COLUMNS": "300"}).output
    words = " ".join(shown.replace("│", " ").split())
    assert words.count("Ana Torres") == 2 and "rolled back" in words


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["D-9", "accept", *SAYS], "no contact changes wait or waited in delivery D-9"),
        (["D-7", "accept", "--by", "Ana Torres", "--why", " "], "why: is empty"),
        (["D-7", "accept", "--why", "Fine."], "Say who you are"),
    ],
)
def test_a_decision_that_cannot_be_taken_says_why(target, arguments, said) -> None:
    result = run.invoke(app, ["decide-import", *arguments])
    assert isinstance(result.exception, TargetError)
    assert said in str(result.exception)


def test_files_that_are_gone_are_reported(target) -> None:
    key = "imports/umoja/D-7/manifest.json"
    aws.client("s3").delete_object(Bucket="imports", Key=key)
    result = run.invoke(app, ["decide-import", "D-7", "accept", *SAYS])
    assert "The files of D-7 cannot be read: NoSuchKey" in str(result.exception)
