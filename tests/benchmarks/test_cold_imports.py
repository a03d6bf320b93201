"""What each function loads on a cold start, compared with bare Python and ``import boto3``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest

from tests.benchmarks.measuring import print_table

pytestmark = pytest.mark.benchmark

ROOT = Path(__file__).parents[2]
FUNCTIONS = sorted(path.stem for path in (ROOT / "functions").glob("*.py"))
ROUNDS = 3
DOCUMENTS = {"pydantic", "pydantic_core"}
MESSAGES = {"babel", "jinja2", "markupsafe"}
# Heavy modules, and which functions may load them; no other function may.
HEAVY = (
    DOCUMENTS
    | MESSAGES
    | {"phonenumbers", "aws_cdk", "constructs", "boto3", "aws_xray_sdk", "typst"}
)
EVERYTHING = DOCUMENTS | MESSAGES | {"phonenumbers"}
MAY_LOAD = {
    "audit_api": DOCUMENTS | MESSAGES,  # an export shows messages as they were sent
    "describe_api": EVERYTHING,  # it has the models of all others
    "payment_batches_api": DOCUMENTS,
    "prepare_dossier": DOCUMENTS | MESSAGES,
    "contacts_api": DOCUMENTS,
    "import_portfolio": DOCUMENTS | {"babel", "phonenumbers"},
    "notes_api": DOCUMENTS | MESSAGES | {"phonenumbers"},  # it answers in the words of applicants
    "payments_api": DOCUMENTS,
    "tasks_api": DOCUMENTS,
    "send_messages": MESSAGES,
    "hear_replies": DOCUMENTS | MESSAGES,
    "unsubscribe_api": DOCUMENTS | MESSAGES,
    "agreements_api": DOCUMENTS | MESSAGES,
    "write_letters": MESSAGES,  # typst is loaded with the first letter
}
# What every function does before its first event: read settings and create the client.
READY = "from recovery.wiring import wired; wired()"


def code(function: str) -> str:
    return f"import functions.{function}; {READY}"


def environment() -> dict[str, str]:
    """Return an environment like Lambda's, with byte code enabled."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV", "AWS_"))}
    return inherited | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "layers/recovery/python")]),
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "RECOVERY_TABLE": "recovery",
        "RECOVERY_SHARDS": "16",
        "RECOVERY_INSTITUTIONS": '{"umoja": {"name": "Umoja", "time_zone": "Africa/Nairobi"}}',
        "POWERTOOLS_SERVICE_NAME": "recovery",
        "POWERTOOLS_METRICS_NAMESPACE": "PortfolioRecovery",
    }


def cpu_ms(statements: str) -> float:
    """Measure the CPU time of a new interpreter that runs this."""
    child = subprocess.Popen([sys.executable, "-c", statements], env=environment())
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, statements
    return (used.ru_utime + used.ru_stime) * 1000


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_loads_only_what_it_uses(function: str) -> None:
    listing = f"{code(function)}; import sys, json; print(json.dumps([*sys.modules]))"
    answer = subprocess.run(
        [sys.executable, "-c", listing], env=environment(), capture_output=True, check=True
    )
    modules = json.loads(answer.stdout)
    loaded = {name.partition(".")[0] for name in modules} & HEAVY
    assert loaded == MAY_LOAD.get(function, set())
    has_routes = "aws_lambda_powertools.event_handler" in modules
    assert has_routes == function.endswith("_api")


@pytest.mark.slow
def test_cold_starts_compared_with_boto3() -> None:
    ways = {"bare": "pass", "import boto3": "import boto3"}
    ways["boto3 and its client"] = "import boto3; boto3.client('dynamodb')"
    ways |= {function: code(function) for function in FUNCTIONS}
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, statements in ways.items():
            taken[name].append(cpu_ms(statements))
    over_bare = {name: median(each) - median(taken["bare"]) for name, each in taken.items()}
    del over_bare["bare"]
    print_table(
        "Cold start up to the first event: CPU beyond bare Python, with byte code",
        ("function", "ms", "/ import boto3", "/ boto3 and its client"),
        [
            (name, ms, ms / over_bare["import boto3"], ms / over_bare["boto3 and its client"])
            for name, ms in over_bare.items()
        ],
    )
