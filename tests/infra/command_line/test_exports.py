"""recovery export: on a table with chains and a bucket under lock, records changed by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from infra.command_line import app, exports
from infra.command_line.options import console
from infra.deployment.target import TargetError
from recovery.adapters import aws
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.payment import PaymentRequest
from recovery.ports.accounting import StoredLoan
from recovery.settings import Settings
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.audit.seal_days import seal_days
from recovery.use_cases.audit.verify_chain import verify_chain
from recovery.wiring import Wiring
from tests.adapters.conftest import TABLE, in_memory_aws, table  # noqa: F401  fixtures
from tests.adapters.test_roots import store  # noqa: F401  fixtures
from tests.builders import a_borrower, a_loan, a_state, an_institution
from tests.life import BANK

run = CliRunner()
NOON = datetime(2026, 2, 2, 12, tzinfo=UTC)


@pytest.fixture
def ports(table: str, store: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:  # noqa: F811
    """Three payments, routed as the stream does; the root of their day is under lock."""
    wiring = Wiring(Settings(table="recovery", shards=1, root_bucket="roots"))
    ports = wiring.of("umoja")
    moment = SimpleNamespace(at=NOON)
    vars(ports)["now"] = lambda: moment.at
    vars(wiring)["now"] = vars(ports)["now"]
    wiring.institutions.save(an_institution())
    ports.borrowers.save_contact_details(a_borrower())
    loan = a_loan()
    ports.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    for number in (1, 2, 3):
        paid = Payment(f"P-{number}", NOON.date(), 1_000)
        take_payment(PaymentRequest(paid, "L-1", "EUR"), BANK, moment.at, ports)
        for box in ports.loans.outboxes("L-1"):
            ports.timeline.add("L-1", box.timeline, box.records)
            ports.loans.acknowledge("L-1", [box.outbox_id])
    moment.at = NOON + timedelta(days=1)
    assert seal_days("umoja", moment.at, ports) == [NOON.date()]
    target = SimpleNamespace(wiring=wiring, of=wiring.of, embedded=object())
    target.institution = lambda wanted: "umoja"
    monkeypatch.setattr(exports, "find_target", lambda *, real: target)
    monkeypatch.setattr(console, "_width", 200)
    yield ports


def export(folder: Path, *more: str) -> Result:
    day = ("--known-on", "2026-02-02", "--for", "the supervisor", "--to", str(folder))
    return run.invoke(app, ["export", "L-1", *day, "--by", "Iris Vega", *more])


def read(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "L-1-known-on-2026-02-02.json").read_text())


def test_it_writes_a_file_and_a_page_and_the_chain_holds(ports, tmp_path) -> None:
    result = export(tmp_path)
    assert result.exit_code == 0, result.output
    assert "The chain of 4 audit entries holds." in result.output
    found = read(tmp_path)
    assert [each["payment_id"] for each in found["payments"]] == ["P-1", "P-2", "P-3"]
    assert found["integrity"]["roots"]["tell_of_it"] == ["2026-02-02"]
    assert found["integrity"]["roots"]["not_under_a_root_yet"] == [4]
    page = (tmp_path / "L-1-known-on-2026-02-02.html").read_text()
    assert "The chain of 4 audit entries holds" in page
    assert "the supervisor" in page and "P-2" in page
    assert "http" not in page.partition("</style>")[0]  # nothing is loaded from elsewhere


def test_each_export_is_on_record(ports, tmp_path) -> None:
    export(tmp_path)
    export(tmp_path)
    said = [each.entry.act for each in ports.chain.links("L-1")]
    assert said == ["recorded"] * 3 + ["exported"] * 2


def test_a_changed_record_is_named_by_its_position(ports, tmp_path) -> None:
    change("LOAN", "PAYMENT#P-2", "amount_minor", {"N": "9000"})
    result = export(tmp_path)
    assert result.exit_code == 1
    assert (
        "Changed: entry 2, PAYMENT#P-2: the record is not what was put on record" in result.output
    )
    [problem] = read(tmp_path)["integrity"]["problems"]
    assert (problem["position"], problem["record"]) == (2, "PAYMENT#P-2")
    page = (tmp_path / "L-1-known-on-2026-02-02.html").read_text()
    assert "The record was changed" in page


def test_a_chain_cut_off_and_written_anew_does_not_pass_the_root(ports, tmp_path) -> None:
    """Whoever has the table's keys can make a chain that holds; the lock tells."""
    from recovery.domain.shared.chain import ChainEntry

    for position in (2, 3):
        key = {"pk": {"S": "CHAIN#umoja#L-1"}, "sk": {"S": f"{position:08}"}}
        aws.client("dynamodb").delete_item(TableName=TABLE, Key=key)
    found = verify_chain("umoja", "L-1", None, ports)
    assert found["problems"][0]["position"] == 2
    for _ in range(2):
        ports.chain.append("L-1", ChainEntry(act="forged"))
    found = verify_chain("umoja", "L-1", None, ports)
    [problem] = found["problems"]
    assert problem["position"] == 3
    assert "the root of 2026-02-02" in problem["why"]


def test_a_forged_root_in_the_table_does_not_pass(ports) -> None:
    key = {"pk": {"S": "CHAIN#umoja#roots:"}, "sk": {"S": "2026-02-02"}}
    aws.client("dynamodb").update_item(
        TableName=TABLE,
        Key=key,
        UpdateExpression="SET seal = :seal",
        ExpressionAttributeValues={":seal": {"S": "forged"}},
    )
    [problem] = verify_chain("umoja", "L-1", None, ports)["problems"]
    assert "is not the one that was noted" in problem["why"]


def test_a_record_that_was_put_in_is_not_told_of(ports) -> None:
    found = aws.client("dynamodb").get_item(
        TableName=TABLE, Key={"pk": {"S": "LOAN#umoja#L-1"}, "sk": {"S": "PAYMENT#P-1"}}
    )["Item"]
    forged = {**found, "sk": {"S": "PAYMENT#P-9"}}
    aws.client("dynamodb").put_item(TableName=TABLE, Item=forged)
    checked = verify_chain("umoja", "L-1", None, ports)
    assert checked["not_told_of"] == ["PAYMENT#P-9"]


def test_what_waits_to_be_told_is_no_gap(ports) -> None:
    paid = Payment("P-4", NOON.date(), 1_000)
    take_payment(PaymentRequest(paid, "L-1", "EUR"), BANK, ports.now(), ports)
    assert verify_chain("umoja", "L-1", None, ports)["not_told_of"] == []


def test_the_proof_leads_to_the_root(ports, tmp_path) -> None:
    from recovery.domain.shared.daily_root import is_under

    export(tmp_path)
    last = read(tmp_path)["integrity"]["roots"]["last"]
    assert is_under(last["leaf"], last["index"], last["size"], last["proof"], last["root"])
    assert last["position"] == 3


def test_a_refusal_is_told_in_words(ports, tmp_path) -> None:
    result = run.invoke(
        app,
        ["export", "L-1", "--known-on", "2030-01-01", "--for", "x", "--by", "Iris Vega"],
    )
    assert isinstance(result.exception, TargetError)
    assert "not between" in str(result.exception)


def change(kind: str, sk: str, name: str, value: dict[str, str]) -> None:
    aws.client("dynamodb").update_item(
        TableName=TABLE,
        Key={"pk": {"S": f"{kind}#umoja#L-1"}, "sk": {"S": sk}},
        UpdateExpression="SET #name = :value",
        ExpressionAttributeNames={"#name": name},
        ExpressionAttributeValues={":value": value},
    )
