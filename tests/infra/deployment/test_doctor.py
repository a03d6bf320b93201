"""The doctor finds what is amiss, says how to mend it, and never calls good what it cannot know."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from typer.testing import CliRunner

from infra.command_line import app
from infra.deployment import doctor
from infra.deployment.doctor import Finding, examine_account, examine_machine

WELL: dict[str, list[tuple[str, Any]]] = {
    "sts": [("get_caller_identity", {"Account": "111122223333"})],
    "ssm": [("get_parameter", {"Parameter": {"Value": "30"}})],
    "cloudformation": [
        ("describe_stacks", {"Stacks": [_stack]})
        for _stack in [
            {"StackName": "a", "CreationTime": "2026-11-01", "StackStatus": "UPDATE_COMPLETE"}
        ]
        * 2
    ],
    "sesv2": [
        ("get_email_identity", {"VerifiedForSendingStatus": True}),
        (
            "get_account",
            {
                "ProductionAccessEnabled": True,
                "SendQuota": {"Max24HourSend": 50_000.0},
                "PricingAttributes": {"CurrentPlan": "NONE"},
            },
        ),
    ],
    "ses": [("describe_active_receipt_rule_set", {"Metadata": {"Name": "replies"}})],
    "sns": [
        ("get_sms_sandbox_account_status", {"IsInSandbox": False}),
        (
            "get_sms_attributes",
            {"attributes": {"MonthlySpendLimit": "200", "DeliveryStatusIAMRole": "arn"}},
        ),
    ],
    "lambda": [("get_account_settings", {"AccountLimit": {"ConcurrentExecutions": 1000}})],
    "cloudwatch": [("describe_alarms", {"MetricAlarms": []})],
}


@pytest.fixture(autouse=True)
def own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "sender_address", lambda: "advisors@casa.test")


def examined(changed: dict[tuple[str, str], Any], *, embedded: bool = False) -> dict[str, Finding]:
    """Examine an account in which all is well but for what is ``changed``: an answer, or a code."""
    session = boto3.Session("id", "secret", region_name="eu-west-1")
    clients: dict[str, Any] = {}

    def client(service: str) -> Any:
        if service not in clients:
            made = clients[service] = session.client(service)
            stubber = Stubber(made)
            for operation, answer in WELL[service]:
                given = changed.get((service, operation), answer)
                if isinstance(given, str):
                    stubber.add_client_error(operation, given, f"{given}: does not exist")
                else:
                    stubber.add_response(operation, given)
            stubber.activate()
        return clients[service]

    return {each.check: each for each in examine_account(client, embedded=embedded)}


def test_an_account_in_which_all_is_well_is_green() -> None:
    found = examined({})
    assert {each.state for each in found.values()} == {"good"}
    assert found["account"].found == "111122223333 in eu-west-1"
    assert found["SES plan"].found == "a la carte"


@pytest.mark.parametrize(
    ("service", "operation", "answer", "check", "remedy"),
    [
        ("ssm", "get_parameter", "ParameterNotFound", "CDK bootstrap", "recovery deploy --aws"),
        ("cloudformation", "describe_stacks", "ValidationError", "stack PortfolioRecovery", "dep"),
        ("sesv2", "get_email_identity", "NotFoundException", "SES sender", "recovery deploy"),
        (
            *("sesv2", "get_email_identity", {"VerifiedForSendingStatus": False}),
            *("SES sender", "Follow the link"),
        ),
        ("sesv2", "get_account", {"ProductionAccessEnabled": False}, "SES sandbox", "production"),
        ("ses", "describe_active_receipt_rule_set", {}, "SES replies", "set-active-receipt-rule"),
        (
            *("sns", "get_sms_sandbox_account_status", {"IsInSandbox": True}),
            *("SMS sandbox", "verified numbers"),
        ),
        ("sns", "get_sms_attributes", {"attributes": {}}, "SMS spend", "AWS Support"),
        (
            *("sns", "get_sms_attributes", {"attributes": {"MonthlySpendLimit": "9"}}),
            *("SMS delivery news", "DeliveryStatusIAMRole"),
        ),
        (
            *("lambda", "get_account_settings", {"AccountLimit": {"ConcurrentExecutions": 10}}),
            *("Lambda quota", "Service Quotas"),
        ),
        (
            *("cloudwatch", "describe_alarms"),
            {"MetricAlarms": [{"AlarmName": "PortfolioRecoveryServices-Oldest"}]},
            *("alarms", "command"),
        ),
    ],
)
def test_what_is_amiss_is_said_with_how_to_mend_it(
    service: str, operation: str, answer: Any, check: str, remedy: str
) -> None:
    finding = examined({(service, operation): answer})[check]
    assert finding.state == "mend"
    assert remedy in finding.remedy


def test_the_dearer_plan_is_named() -> None:
    account = WELL["sesv2"][1][1] | {"PricingAttributes": {"CurrentPlan": "ESSENTIALS"}}
    finding = examined({("sesv2", "get_account"): account})["SES plan"]
    assert finding.found == "ESSENTIALS" and "0.10" in finding.remedy


def test_what_may_not_be_looked_at_is_unknown_not_good() -> None:
    finding = examined({("sns", "get_sms_attributes"): "AccessDenied"})["SMS spend"]
    assert finding.state == "unknown"
    assert "GetSMSAttributes" in finding.remedy


def test_the_embedded_aws_says_what_only_an_account_can_answer() -> None:
    found = examined({}, embedded=True)
    unknown = {check for check, each in found.items() if each.state == "unknown"}
    assert unknown == {
        *("SES sandbox and plan", "SES replies", "SMS sandbox", "SMS spend", "Lambda quota")
    }
    assert all("only an AWS account" in found[check].found for check in unknown)


def test_the_example_sender_is_mended_before_an_account_is_used(monkeypatch) -> None:
    monkeypatch.setattr(doctor, "sender_address", lambda: "advisors@example.org")
    assert "cdk.json" in examined({})["SES sender"].remedy
    assert examined({}, embedded=True)["SES sender"].state == "good"


def test_an_old_node_is_told(monkeypatch) -> None:
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    assert [each.state for each in examine_machine()] == ["good", "mend"]


def test_without_an_embedded_aws_the_machine_is_still_looked_at(monkeypatch) -> None:
    monkeypatch.setattr("infra.command_line.doctor.embedded_aws.running", lambda: None)
    result = CliRunner().invoke(app, ["doctor"])
    assert "Python: 3." in result.output
    assert "recovery up" in str(result.exception)
