"""payment and suspense, against fakes behind the target."""

import json
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from infra.command_line import app, payments
from infra.deployment.target import Target, TargetError
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.intake.suspense import UnclaimedPayment
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.intake.suspense import take_unclaimed
from tests.builders import FIRST_DUE, a_loan, a_state, an_actor

NOW = datetime(2026, 2, 2, 9, tzinfo=UTC)


@pytest.fixture
def ports(wiring, monkeypatch):
    """P-1 on L-1, and S-1 in suspense."""
    wiring.institution_id = "umoja"
    for loan_id in ("L-1", "L-2"):
        loan = a_loan(loan_id)
        wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    request = PaymentRequest(Payment("P-1", FIRST_DUE, 11_500), "L-1", "EUR")
    take_payment(request, an_actor(), NOW, wiring)
    unclaimed = UnclaimedPayment(
        payment=Payment("S-1", FIRST_DUE, 10_000), currency="EUR", loan_id="L-404"
    )
    take_unclaimed("umoja", unclaimed, an_actor(), NOW, wiring)
    target = SimpleNamespace(wiring=wiring, of=lambda _: wiring, embedded=True)
    target.institution = partial(Target.institution, target)
    monkeypatch.setattr(payments, "find_target", lambda *, real: target)
    return wiring


def recovery(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments)
    if result.exception:
        raise result.exception
    return result.output


def plain(output: str) -> str:
    return " ".join(output.replace("│", " ").replace("┃", " ").split())


def test_a_payment_is_moved_by_a_named_person_and_shown(ports) -> None:
    why = ("--why", "wrong reference", "--by", "Ana Torres")
    assert json.loads(recovery("payment", "move", "P-1", "L-2", *why))["loan_id"] == "L-2"
    assert json.loads(recovery("payment", "show", "P-1"))["state"] == "moved"
    assert ports.loans.find_payment("P-1.moved").posted_by == "typed:Ana Torres"
    with pytest.raises(TargetError, match="--by"):
        recovery("payment", "move", "P-1", "L-2", "--why", "again")


def test_a_payment_is_reversed_by_a_named_person(ports) -> None:
    arguments = ("payment", "reverse", "P-1", "--why", "bounced", "--by", "Ana Torres")
    assert json.loads(recovery(*arguments))["reason"] == "bounced"
    assert ports.loans.find_payment("P-1").reversed_by == "typed:Ana Torres"


def test_the_payments_of_a_day_are_listed(ports) -> None:
    day = json.loads(recovery("payment", "list", "--on", "2026-02-01"))
    assert [each["payment_id"] for each in day["payments"]] == ["P-1", "S-1"]
    assert day["totals"]["EUR"]["in_suspense"]["amount"] == "100.00"


def test_suspense_is_listed_with_the_balance(ports) -> None:
    shown = plain(recovery("suspense", "list"))
    assert "S-1 2026-02-01 100.00 EUR" in shown and "L-404" in shown
    assert "In suspense: 100.00 EUR" in shown


def test_money_is_matched_in_part_and_the_rest_refunded(ports) -> None:
    by = ("--by", "Ana Torres")
    receipt = json.loads(recovery("suspense", "match", "S-1", "L-1", "--amount", "30.00", *by))
    assert (receipt["amount"], receipt["from_suspense"]) == ("30.00", "S-1")
    said = plain(recovery("suspense", "refund", "S-1", "--why", "asked for it", *by))
    assert said == "S-1: 70.00 EUR is to be paid back."
    money = ports.suspense.find("S-1")
    assert [each.by for each in money.releases] == ["typed:Ana Torres"] * 2
    assert "In suspense" not in recovery("suspense", "list")


@pytest.mark.parametrize(
    "arguments",
    [
        "payment show P-404",
        "payment move P-404 L-1 --why x --by Ana",
        "payment move P-1 L-404 --why x --by Ana",
        "payment reverse P-404 --why x --by Ana",
        "suspense match S-404 L-1 --by Ana",
        "suspense match S-1 L-404 --by Ana",
        "suspense match S-1 L-1 --amount 100.01 --by Ana",
        "suspense match S-1 L-1 --amount much --by Ana",
        "suspense refund S-404 --amount 1 --why x --by Ana",
        "suspense refund S-1 --why x",
    ],
)
def test_what_cannot_be_done_is_said_without_a_traceback(ports, arguments) -> None:
    with pytest.raises(TargetError):
        recovery(*arguments.split())
    assert ports.suspense.find("S-1").open_minor == 10_000
