"""Every function has one file, one role and the same limits."""

import json
import shutil
from pathlib import Path

import pytest

from infra.shared import python_function
from infra.shared.python_function import FUNCTIONS
from infra.stack_names import SERVICES

FUNCTION = "AWS::Lambda::Function"
WITH_DOCUMENTS = {
    "hear_replies",
    *("describe_api", "payment_batches_api"),
    "agreements_api",
    "note_deliveries",
    "write_letters",
    "unsubscribe_api",
    *("audit_api", "contacts_api", "notes_api", "payments_api", "tasks_api"),
    *("import_portfolio", "send_messages"),
    *("prepare_dossier", "review_changed_loans", "review_shard"),
}

WITH_PDF = {"prepare_dossier", "write_letters"}


def asset_of(stack, function) -> Path:
    assets = json.loads((stack.folder / f"{SERVICES}.assets.json").read_text())["files"]
    key = function["Code"]["S3Key"]
    (file,) = (
        each["source"]["path"]
        for each in assets.values()
        if any(key == where["objectKey"] for where in each["destinations"].values())
    )
    return stack.folder / file


def keys_by_handler(stack):
    return {f["Handler"]: f["Code"]["S3Key"] for f in stack.of_type(FUNCTION).values()}


def test_each_file_in_functions_is_one_function(stack):
    handlers = {each["Handler"] for each in stack.of_type(FUNCTION).values()}
    assert handlers == {f"{file.stem}.handler" for file in FUNCTIONS.glob("*.py")}


def test_an_asset_contains_only_its_own_file(stack):
    for function in stack.of_type(FUNCTION).values():
        files = [path.name for path in asset_of(stack, function).rglob("*")]
        assert files == [function["Handler"].replace(".handler", ".py")]


def test_editing_one_function_changes_only_its_own_asset(stack, synthesize, tmp_path, monkeypatch):
    folder = tmp_path / "functions"
    shutil.copytree(FUNCTIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    with (folder / "plan_review.py").open("a") as file:
        file.write("\n# edited\n")
    monkeypatch.setattr(python_function, "FUNCTIONS", folder)
    before = keys_by_handler(stack)
    after = keys_by_handler(synthesize(embedded=False, checked=False))
    assert {name for name in before if before[name] != after[name]} == {"plan_review.handler"}


def test_all_run_python_3_13_on_arm_with_tracing_json_logs_and_layers(stack):
    for function in stack.of_type(FUNCTION).values():
        assert (function["Runtime"], function["Architectures"]) == ("python3.13", ["arm64"])
        assert function["TracingConfig"] == {"Mode": "Active"}
        assert function["LoggingConfig"]["LogFormat"] == "JSON"
        reads_documents = function["Handler"].partition(".")[0] in WITH_DOCUMENTS
        writes_pdf = function["Handler"].partition(".")[0] in WITH_PDF
        assert len(function["Layers"]) == 2 + reads_documents + writes_pdf


def test_logs_are_encrypted_and_kept_for_a_year(stack):
    for group in stack.of_type("AWS::Logs::LogGroup").values():
        assert group["RetentionInDays"] == 365
        assert group["KmsKeyId"]


def test_no_function_has_a_managed_policy(stack):
    for name, role in stack.of_type("AWS::IAM::Role").items():
        assert "ManagedPolicyArns" not in role or "CloudWatchRole" in name


def test_all_get_the_table_and_the_shards(stack, context):
    for function in stack.of_type(FUNCTION).values():
        environment = function["Environment"]["Variables"]
        assert environment["RECOVERY_SHARDS"] == str(context["shards"])
        assert environment["POWERTOOLS_METRICS_NAMESPACE"] == "PortfolioRecovery"
        assert environment["RECOVERY_TABLE"]["Ref"]


@pytest.mark.parametrize("kind", ["AWS::IAM::Policy"])
def test_no_statement_allows_every_action(stack, kind):
    for policy in stack.of_type(kind).values():
        for statement in policy["PolicyDocument"]["Statement"]:
            assert "*" not in {a.partition(":")[2] for a in [*statement["Action"]] if ":" in a}


def test_only_the_embedded_aws_may_replay(stack, embedded_stack):
    def replays(synthesized):
        functions = synthesized.of_type("AWS::Lambda::Function").values()
        return {each["Environment"]["Variables"].get("RECOVERY_REPLAY") for each in functions}

    assert replays(stack) == {None}
    assert replays(embedded_stack) == {"allowed"}
