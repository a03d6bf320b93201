"""The command line against a deployment."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from infra.command_line import app, main
from infra.deployment.target import TargetError
from recovery.adapters.dynamodb.codec import policy_to_json
from recovery.domain.policy import DEFAULT_POLICY
from tests.embedded.lender import DAY, MONDAY, Lender


@pytest.fixture
def recovery(lender: Lender) -> Callable[..., Result]:
    """Run ``recovery`` with these arguments, for the lender unless they name an institution."""

    def run(*arguments: str) -> Result:
        named = "--institution" in arguments or arguments[0] == "policy"
        chosen = () if named else ("--institution", lender.id)
        return CliRunner().invoke(app, [*arguments, *chosen])

    return run


def plain(result: Result) -> str:
    """Return what it printed, without table borders and wrapping."""
    assert result.exit_code == 0, result.output
    return " ".join(result.output.replace("│", " ").replace("┃", " ").split())


def test_status_shows_standing_schedule_and_timeline(lender: Lender, recovery):
    loan_id = lender.lend_one(MONDAY, MONDAY + 30 * DAY)
    lender.review(MONDAY + DAY)
    shown = plain(recovery("status", loan_id))
    assert f"Loan {loan_id}" in shown and "1 day past due since 2025-03-03" in shown
    assert "overdue 100.00 PEN" in shown and "2025-04-02" in shown
    assert "sent by email: first_days_late" in shown


def test_a_fact_is_recorded_shown_and_undone(lender: Lender, recovery, tmp_path):
    loan_id, by = lender.lend_one(MONDAY), ("--by", "Grace Njeri")
    file = tmp_path / "fact.json"
    charge = {"kind": "charge", "component": "fee", "amount": "2.50", "reason": "a copy"}
    file.write_text(json.dumps({"fact_id": "F-1", **charge}))
    assert "102.50 PEN outstanding" in plain(recovery("fact", "record", loan_id, str(file), *by))
    lender.wait_until_idle()
    shown = json.loads(recovery("status", loan_id, "--json").output)
    assert [each["fact_id"] for each in shown["facts"]] == ["F-1"]
    code, answer = lender.target.call_api("GET", f"/loans/{loan_id}", of=lender.id)
    assert (code, answer["facts"]) == (200, shown["facts"])
    code, page = lender.target.call_api("GET", f"/loans/{loan_id}/timeline", of=lender.id)
    assert (code, page["entries"]) == (200, shown["timeline"])
    undone = recovery("fact", "undo", loan_id, "F-1", "--why", "the wrong loan", *by)
    assert "100.00 PEN outstanding" in plain(undone)


def test_case_shows_the_path_with_dates_reasons_and_the_advisors_task(lender: Lender, recovery):
    loan_id = lender.lend_one(MONDAY)
    assert "has had no case" in plain(recovery("case", loan_id))
    lender.review_daily(MONDAY + DAY, MONDAY + 3 * DAY)
    shown = plain(recovery("case", loan_id))
    assert f"{loan_id}-C1: intermediate recovery" in shown
    assert "2025-03-04" in shown and "early management" in shown and "2025-03-06" in shown
    assert "Advisor's task: Meet the borrower" in shown
    assert lender.case(loan_id).execution_id in shown


def test_a_payment_is_posted_once_and_a_repeat_gets_the_same_answer(lender: Lender, recovery):
    loan_id = lender.lend_one(MONDAY)
    command = ("post-payment", loan_id, "30.00", "PEN", "--value-date", str(MONDAY))
    command = (*command, "--payment-id", f"{loan_id}-cli")
    first, again = recovery(*command), recovery(*command)
    lender.wait_until_idle()
    assert json.loads(first.output) == json.loads(again.output)
    assert lender.standing(loan_id)["outstanding"]["total"] == "70.00"
    refused = recovery("post-payment", loan_id, "30.00", "EUR", "--value-date", str(MONDAY))
    assert refused.exit_code == 1 and "currency" in refused.output


def test_review_runs_the_daily_review_of_an_institution(lender: Lender, recovery):
    loan_id = lender.lend_one(MONDAY)
    day = ("--as-of", str(MONDAY + DAY), "--replay")
    shown = plain(recovery("review", "--institution", lender.id, *day))
    assert f"{MONDAY + DAY}: 1 loan reviewed" in shown
    assert "Execution: arn:aws:states:" in shown
    lender.wait_until_idle()
    assert lender.path(loan_id) == ["early_management"]


def test_a_person_decides_with_a_name_and_a_reason(lender: Lender, recovery):
    loan_id = lender.lend_one(MONDAY)
    lender.review(MONDAY + DAY)
    person = ("--by", "Ana Torres", "--why", "They paid a lower sum.")
    refused = recovery("decide", loan_id, "approve", *person)
    assert isinstance(refused.exception, TargetError)
    assert "no approval is pending" in str(refused.exception)
    shown = plain(recovery("decide", loan_id, "settle", *person))
    assert f"{loan_id}-C1 moves to settled: decision {loan_id}-C1#2-settlement" in shown
    told = plain(recovery("case", loan_id))
    assert (
        "approved by Ana Torres (name typed by hand)" in told and "They paid a lower sum." in told
    )
    lender.wait_until_idle()
    assert lender.path(loan_id)[-1] == "settled"


def test_a_folder_is_imported_and_rejected_rows_are_written_to_it(lender: Lender, recovery):
    loan_id = lender.lend_one(MONDAY)
    folder = lender.folder / loan_id
    with (folder / "payments.csv").open("a") as payments:
        payments.write(f"{loan_id}-X1,no-such-loan,2025-03-02,5.00\n")
    result = recovery("import", str(folder), "--institution", lender.id)
    assert result.exit_code == 1
    shown = " ".join(result.output.split())
    assert "loans unchanged 1" in shown and "rejections 1" in shown
    assert f"{loan_id}-X1" in (folder / "rejected.csv").read_text()


def test_a_policy_is_checked_and_put_in_force(lender: Lender, recovery, tmp_path):
    document = json.loads(policy_to_json(DEFAULT_POLICY)) | {
        "version": 8,
        "effective_from": "2025-03-05",
    }
    file = tmp_path / "policy.json"
    file.write_text(json.dumps(document))
    assert "Version 8 is valid, effective from 2025-03-05." in plain(
        recovery("policy", "check", str(file))
    )
    plain(recovery("policy", "put", str(file), "--institution", lender.id))
    in_force = lender.wiring.institutions.policy
    assert [in_force(lender.id, MONDAY + n * DAY).version for n in (1, 2)] == [7, 8]
    file.write_text(json.dumps(document | {"monitoring": {"grace_days": -1}}))
    refused = recovery("policy", "check", str(file))
    assert isinstance(refused.exception, TargetError)
    assert "grace_days" in str(refused.exception)


def test_errors_are_reported_without_a_traceback(target, monkeypatch, capsys):
    monkeypatch.setattr(
        sys, "argv", ["recovery", "status", "no-such-loan", "--institution", "default"]
    )
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 1
    shown = capsys.readouterr().err
    assert "there is no loan no-such-loan. Import it first" in " ".join(shown.split())
    assert "Traceback" not in shown


def test_the_doctor_finds_a_deployed_stack_well(target, monkeypatch) -> None:
    monkeypatch.setattr("infra.command_line.doctor.embedded_aws.running", lambda: target.embedded)
    found = json.loads(CliRunner().invoke(app, ["doctor", "--json"]).output)
    stands = {each["check"]: each["state"] for each in found if each["check"] != "alarms"}
    assert "mend" not in stands.values(), found
    assert stands["stack PortfolioRecoveryServices"] == stands["SES sender"] == "good"
    assert stands["SMS sandbox"] == "unknown"  # only an account can say
