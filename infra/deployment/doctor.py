"""Looks at what a deployment stands on: this machine, the account, SES and SNS, the stacks.

Each check says what it found and, where something is amiss, how to mend it. What the embedded AWS
cannot answer is said to be unknown, never good.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from infra.layers.platform import ROOT
from infra.stack_names import SERVICES, STATE

State = Literal["good", "mend", "unknown"]
ClientOf = Callable[[str], Any]

_OLDEST_PYTHON, _OLDEST_NODE, _SHIPPED = (3, 11), 20, (3, 13)
_BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version"
_LEAST_CONCURRENCY = 100
_ONLY_IN_AN_ACCOUNT = "only an AWS account can say; run it with --aws"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; ``remedy`` is empty if there is nothing to mend."""

    check: str
    state: State
    found: str
    remedy: str = ""


def examine_machine() -> Iterator[Finding]:
    """Look at Python and Node on this machine."""
    version = sys.version_info[:2]
    said = ".".join(map(str, version))
    if version < _OLDEST_PYTHON:
        yield Finding("Python", "mend", said, "Install Python 3.11 or newer.")
    elif version != _SHIPPED and not shutil.which("python3.13"):
        hint = (
            "Optional: with Python 3.13 on the path, layers ship with byte code and start faster."
        )
        yield Finding("Python", "good", said, hint)
    else:
        yield Finding("Python", "good", said)
    node = shutil.which("node")
    if not node:
        yield Finding("Node.js", "mend", "not found", "Install Node.js 20 or newer.")
        return
    shown = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = re.match(r"v(\d+)", shown)
    enough = major and int(major[1]) >= _OLDEST_NODE
    remedy = "" if enough else "Install Node.js 20 or newer."
    yield Finding("Node.js", "good" if enough else "mend", shown.strip() or "no answer", remedy)


def examine_account(client: ClientOf, *, embedded: bool) -> Iterator[Finding]:
    """Look at the account, the stacks, and what sends messages.

    ``client`` makes a boto3 client of a service.
    """
    yield from _looked_at("account", _identity, client)
    if embedded:
        yield Finding("CDK bootstrap", "good", "the embedded AWS needs none")
    else:
        yield from _looked_at("CDK bootstrap", _bootstrap, client)
    yield from _looked_at("stacks", _stacks, client)
    yield from _looked_at("SES sender", partial(_sender, embedded=embedded), client)
    account_only = {
        "SES sandbox and plan": _ses_account,
        "SES replies": _receipt_rules,
        "SMS sandbox": _sms_sandbox,
        "SMS spend": _sms_spend,
        "Lambda quota": _concurrency,
    }
    for check, look in account_only.items():
        if embedded:
            yield Finding(check, "unknown", _ONLY_IN_AN_ACCOUNT)
        else:
            yield from _looked_at(check, look, client)
    yield from _looked_at("alarms", _alarms, client)


def _looked_at(
    check: str, look: Callable[[ClientOf], Iterator[Finding]], client: ClientOf
) -> Iterator[Finding]:
    """Look, and say so if these credentials may not."""
    from botocore.exceptions import ClientError

    try:
        yield from look(client)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        remedy = f"Allow {error.operation_name} to look at it, or look in the console."
        yield Finding(check, "unknown", f"AWS answered {code}", remedy)


def _identity(client: ClientOf) -> Iterator[Finding]:
    sts = client("sts")
    account = sts.get_caller_identity()["Account"]
    yield Finding("account", "good", f"{account} in {sts.meta.region_name}")


def _bootstrap(client: ClientOf) -> Iterator[Finding]:
    ssm = client("ssm")
    try:
        version = ssm.get_parameter(Name=_BOOTSTRAP)["Parameter"]["Value"]
        yield Finding("CDK bootstrap", "good", f"version {version}")
    except ssm.exceptions.ParameterNotFound:
        remedy = "`recovery deploy --aws` does it, or run `cdk bootstrap` with more rights."
        yield Finding("CDK bootstrap", "mend", "not done in this region", remedy)


def _stacks(client: ClientOf) -> Iterator[Finding]:
    formation = client("cloudformation")
    for name in (STATE, SERVICES):
        try:
            status = formation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        except formation.exceptions.ClientError as error:
            if "does not exist" not in str(error):
                raise
            yield Finding(f"stack {name}", "mend", "not deployed", "Run `recovery deploy`.")
            continue
        good = status in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
        remedy = "" if good else "Read its events in CloudFormation, then deploy again."
        yield Finding(f"stack {name}", "good" if good else "mend", status, remedy)


def _sender(client: ClientOf, *, embedded: bool) -> Iterator[Finding]:
    sender = sender_address()
    ses = client("sesv2")
    try:
        verified = ses.get_email_identity(EmailIdentity=sender)["VerifiedForSendingStatus"]
    except ses.exceptions.NotFoundException:
        yield Finding("SES sender", "mend", f"{sender} is unknown", "Run `recovery deploy`.")
        return
    if not embedded and sender.endswith(("@example.org", "@example.com")):
        remedy = "Set `sender_email` in cdk.json to an address of yours, and deploy."
        yield Finding("SES sender", "mend", f"{sender} is the example", remedy)
    elif verified:
        yield Finding("SES sender", "good", f"{sender} is verified")
    else:
        remedy = "Follow the link that SES sent to it, or verify its domain."
        yield Finding("SES sender", "mend", f"{sender} is not verified", remedy)


def sender_address() -> str:
    """Return the address of ``cdk.json`` that messages are sent from."""
    context: Mapping[str, Any] = json.loads((ROOT / "cdk.json").read_text())["context"]
    return str(context["sender_email"])


def _ses_account(client: ClientOf) -> Iterator[Finding]:
    account = client("sesv2").get_account()
    if account.get("ProductionAccessEnabled"):
        a_day = account.get("SendQuota", {}).get("Max24HourSend", 0)
        yield Finding("SES sandbox", "good", f"left; {a_day:.0f} messages a day")
    else:
        remedy = "Ask for production access in SES: until then only verified addresses get mail."
        yield Finding("SES sandbox", "mend", "still in it", remedy)
    if account.get("EnforcementStatus", "HEALTHY") != "HEALTHY":
        remedy = "Read the case that AWS Support opened; look at `recovery portfolio reach`."
        yield Finding("SES reputation", "mend", account["EnforcementStatus"], remedy)
    plan = account.get("PricingAttributes", {}).get("CurrentPlan")
    if plan in ("NONE", "PRO", "ENTERPRISE"):
        yield Finding("SES plan", "good", "a la carte" if plan == "NONE" else plan)
    else:
        yield Finding("SES plan", "good" if plan else "unknown", plan or "not told", _PLAN)


# AWS's price list, read 2026-11
_PLAN = (
    "Optional: accounts made since 2026-07-21 start on Essentials, 0.16 USD per 1,000 messages;"
    " a la carte is 0.10. Choose in the SES console."
)


def _receipt_rules(client: ClientOf) -> Iterator[Finding]:
    active = client("ses").describe_active_receipt_rule_set().get("Metadata", {}).get("Name")
    if active:
        yield Finding("SES replies", "good", f"receipt rules {active} are active")
    else:
        remedy = "Run `aws ses set-active-receipt-rule-set`, or replies by e-mail do not arrive."
        yield Finding("SES replies", "mend", "no receipt rules are active", remedy)


def _sms_sandbox(client: ClientOf) -> Iterator[Finding]:
    if client("sns").get_sms_sandbox_account_status()["IsInSandbox"]:
        remedy = "Ask to leave it in the SNS console: until then only verified numbers."
        yield Finding("SMS sandbox", "mend", "still in it", remedy)
    else:
        yield Finding("SMS sandbox", "good", "left")


def _sms_spend(client: ClientOf) -> Iterator[Finding]:
    said = client("sns").get_sms_attributes()["attributes"]
    limit = said.get("MonthlySpendLimit", "1")
    if float(limit) <= 1:
        remedy = "Ask AWS Support for more: one dollar a month is a few dozen messages."
        yield Finding("SMS spend", "mend", f"at most {limit} USD a month", remedy)
    else:
        yield Finding("SMS spend", "good", f"at most {limit} USD a month")
    if not said.get("DeliveryStatusIAMRole"):
        remedy = "Set SNS's DeliveryStatusIAMRole, or failed text messages are not known."
        yield Finding("SMS delivery news", "mend", "off", remedy)


def _concurrency(client: ClientOf) -> Iterator[Finding]:
    most = client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    if most < _LEAST_CONCURRENCY:
        remedy = "Ask Service Quotas for 1,000 concurrent executions of Lambda."
        yield Finding("Lambda quota", "mend", f"{most} at once", remedy)
    else:
        yield Finding("Lambda quota", "good", f"{most} at once")


def _alarms(client: ClientOf) -> Iterator[Finding]:
    pages = client("cloudwatch").get_paginator("describe_alarms").paginate(StateValue="ALARM")
    ringing = [
        alarm["AlarmName"]
        for page in pages
        for alarm in page["MetricAlarms"]
        if alarm["AlarmName"].startswith(SERVICES)
    ]
    if ringing:
        remedy = (
            "Read the description of each: it names the command that shows and the one that mends."
        )
        yield Finding("alarms", "mend", ", ".join(ringing), remedy)
    else:
        yield Finding("alarms", "good", "none is ringing")
