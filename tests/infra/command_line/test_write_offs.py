"""A committee's commands: list, propose, approve, decline; each loan its own result."""

from __future__ import annotations

import json
from functools import partial
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner, Result

from infra.command_line import app, loans, write_offs
from infra.deployment.target import Target, TargetError
from recovery.ports.accounting import StoredLoan
from recovery.ports.institutions import InstitutionDay
from tests.builders import FIRST_DUE, a_loan, a_state


@pytest.fixture
def recovery(wiring, monkeypatch):
    """Run ``recovery`` on a target with three loans and nothing but fakes behind it."""
    made = SimpleNamespace(wiring=wiring, of=wiring.of, embedded=object())
    made.institution = partial(Target.institution, made)
    for module in (loans, write_offs):
        monkeypatch.setattr(module, "find_target", lambda *, real: made)
    wiring.institutions.days["umoja"] = InstitutionDay(FIRST_DUE.replace(day=2))
    for number in (1, 2, 3):
        loan = a_loan(f"L-{number}")
        wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])

    def run(*arguments: str, by: str = "", **options) -> Result:
        who = ("--by", by, "--why", "It will not come.") if by else ()
        return CliRunner().invoke(app, [*arguments, *who], **options)

    return run


def propose(recovery, *loan_ids: str, amount: str = "all", by: str = "Ana") -> list[str]:
    """Propose to write these off; return the ids on the list."""
    for loan_id in loan_ids:
        assert recovery("write-offs", "propose", loan_id, "--amount", amount, by=by).exit_code == 0
    return [each["decision_id"] for each in listed(recovery)]


def listed(recovery) -> list[dict[str, object]]:
    return json.loads(recovery("write-offs", "list", "--json").output)


def closed(wiring, loan_id: str) -> str | None:
    return wiring.loans.load(loan_id).state.closed


def test_what_is_proposed_is_listed_with_amount_and_lateness(recovery) -> None:
    shown = recovery("write-offs", "propose", "L-1", "--amount", "80.5", by="Ana")
    assert "On record as L-1-W2. A second person decides." in shown.output
    [row] = listed(recovery)
    assert (row["amount"], row["whole"], row["days_past_due"], row["since"]) == (
        "80.50",
        False,
        1,
        "2026-02-01",
    )
    table = recovery("write-offs", "list").output
    for word in ("L-1-W2", "80.50", "EUR", "2026-02", "It will"):
        assert word in table


def test_a_committee_approves_everything_in_one_action(recovery, wiring) -> None:
    propose(recovery, "L-1", "L-2")
    propose(recovery, "L-3", amount="80.00")
    done = recovery("write-offs", "approve", "--all", by="Ben")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [f"L-{n}-W2: approved" for n in (1, 2, 3)]
    assert [closed(wiring, f"L-{n}") for n in (1, 2, 3)] == ["written_off", "written_off", None]
    assert listed(recovery) == []


def test_each_loan_has_its_own_result_and_one_refusal_fails_the_command(recovery, wiring) -> None:
    propose(recovery, "L-1", by="Ana")
    propose(recovery, "L-2", by="Ben")
    done = recovery("write-offs", "approve", "--all", by="Ben")
    assert done.exit_code == 1
    assert "L-1-W2: approved" in done.output
    assert "L-2-W2: refused. decided_by: Ben (name typed by hand) asked for it" in done.output
    assert (closed(wiring, "L-1"), closed(wiring, "L-2")) == ("written_off", None)


def test_a_file_of_ids_is_decided_on_at_once(recovery, wiring, tmp_path) -> None:
    propose(recovery, "L-1", "L-2", "L-3")
    file = tmp_path / "ids.txt"
    file.write_text("L-1-W2\n\n L-2-W2 \nL-2-W2\nL-9-W9\n")
    done = recovery("write-offs", "decline", "--from", str(file), by="Ben")
    assert done.exit_code == 1
    assert [line.partition(".")[0] for line in done.output.splitlines()] == [
        "L-1-W2: declined",
        "L-2-W2: declined",
        "L-9-W9: refused",
    ]
    assert [row["decision_id"] for row in listed(recovery)] == ["L-3-W2"]
    read = recovery("write-offs", "approve", "--from", "-", by="Ben", input="L-3-W2\n")
    assert read.exit_code == 0 and closed(wiring, "L-3") == "written_off"


def test_ids_are_named_in_one_way(recovery) -> None:
    for how in ((), ("L-1-W2", "--all")):
        refused = recovery("write-offs", "approve", *how, by="Ben")
        assert isinstance(refused.exception, TargetError)
        assert "one of the three" in str(refused.exception)


@pytest.mark.parametrize(
    ("loan_id", "amount", "why"),
    [
        ("L-1", "0", "not above zero"),
        ("L-1", "1.234", "decimal places"),
        ("L-1", "9999", "more than is owed"),
        ("L-9", "all", "no loan L-9"),
    ],
)
def test_a_proposal_that_cannot_be_is_refused(recovery, loan_id, amount, why) -> None:
    refused = recovery("write-offs", "propose", loan_id, "--amount", amount, by="Ana")
    assert isinstance(refused.exception, TargetError)
    assert why in str(refused.exception)


def test_the_general_command_asks_first_and_lets_a_second_person_decide(recovery, wiring) -> None:
    asked = recovery("decide", "L-1", "write-off", by="Ana")
    assert "On record as L-1-W2. A second person has to approve it too." in asked.output
    assert "L-1-W2: approved" in recovery("decide", "L-1", "write-off", by="Ben").output
    loss = wiring.loans.load("L-1").state.facts.loss
    assert (str(loss.on), loss.remaining.total) == ("2026-02-02", 138_000)
