"""Both stacks are valid, within quotas and free of findings."""

from __future__ import annotations

import json
import re

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk.aws_sqs import Queue
from cfnlint.api import ManualArgs, lint

from infra.app import check
from infra.layers.platform import ROOT
from infra.shared.state_machine import with_defaults
from infra.stack_names import SERVICES

# W3005: CDK states dependencies that a GetAtt already implies.
LINT = ManualArgs(regions=["eu-west-1"], ignore_checks=["W3005"])
OUTPUTS = {
    "DataKeyArn",
    "TableName",
    "Shards",
    "ApiUrl",
    "ApiId",
    "ApiStage",
    "ImportBucketName",
    "CaseStateMachineArn",
    "DailyReviewStateMachineArn",
    "EventBusName",
    "MessageQueueUrl",
    "AlertsTopicArn",
    "DeliveryNewsTopicArn",
    "FailedDeliveriesQueueUrl",
    "NoteKeyArn",
    "EvidenceBucketName",
    "PackageBucketName",
    "RootBucketName",
    "DashboardName",
    "FailedImportsQueueUrl",
    "FailedReviewChangedLoansQueueUrl",
    "FailedRouteChangesQueueUrl",
    "FailedMessagesQueueUrl",
    "FailedReviewsQueueUrl",
    "FailedRepliesQueueUrl",
    "MailBucketName",
    "TextMessagesTopicArn",
    "FailedStartsQueueUrl",
    "FailedErasuresQueueUrl",
    "FailedLettersQueueUrl",
    "LetterBucketName",
    "DossierBucketName",
}


def test_the_outputs_are_those_the_command_line_needs(either_stack):
    assert set(either_stack.content["Outputs"]) == OUTPUTS


@pytest.mark.slow
def test_cfn_lint_finds_nothing(either_stack):
    for template in either_stack.templates.values():
        found = lint(json.dumps(template), config=LINT)
        assert [f"{match.rule.id} {match.path}: {match.message}" for match in found] == []


@pytest.mark.slow
def test_cfn_lint_finds_a_broken_state_machine(stack):
    content = json.loads(json.dumps(stack.templates[SERVICES]))
    for resource in content["Resources"].values():
        if resource["Type"] == "AWS::StepFunctions::StateMachine":
            definition = json.loads(resource["Properties"]["DefinitionString"])
            definition["States"][definition["StartAt"]]["Type"] = "Nothing"
            resource["Properties"]["DefinitionString"] = json.dumps(definition)
    found = lint(json.dumps(content), config=LINT)
    assert "E3601" in {match.rule.id for match in found}


def test_every_definition_gets_its_substitutions(stack):
    for machine in stack.of_type("AWS::StepFunctions::StateMachine").values():
        names = set(re.findall(r"\$\{(\w+)\}", machine["DefinitionString"]))
        assert names == set(machine["DefinitionSubstitutions"])


def test_the_templates_contain_the_definition_files(stack):
    machines = stack.of_type("AWS::StepFunctions::StateMachine").values()
    found = [json.loads(machine["DefinitionString"]) for machine in machines]
    files = [*(ROOT / "infra").glob("*/*.asl.json")]
    assert len(files) == len(found)
    for file in files:
        assert with_defaults(json.loads(file.read_text(encoding="utf-8"))) in found


def tasks(definition):
    for name, state in definition["States"].items():
        if state["Type"] == "Task":
            yield name, state
        yield from tasks(state.get("ItemProcessor", {"States": {}}))


def test_every_task_has_a_retry_and_only_exceptions_define_their_own(stack):
    for machine in stack.of_type("AWS::StepFunctions::StateMachine").values():
        for name, state in tasks(json.loads(machine["DefinitionString"])):
            assert state["Retry"], name
    own = {
        name
        for file in (ROOT / "infra").glob("*/*.asl.json")
        for name, state in tasks(json.loads(file.read_text(encoding="utf-8")))
        if "Retry" in state
    }
    assert own == {"ContinueAsNew", "AlertOperators", "NeedsRepair"}


def test_every_function_that_fails_for_good_leads_a_case_to_repair(stack):
    machine = stack.the("AWS::StepFunctions::StateMachine", "RecoveryCase")
    for name, state in tasks(json.loads(machine["DefinitionString"])):
        if "lambda" in state["Resource"]:
            (caught,) = state["Catch"]
            assert caught["ErrorEquals"] == ["States.ALL"], name
            assert (caught["ResultPath"], caught["Next"]) == ("$.failure", "AlertOperators")


def test_an_explicit_retry_is_kept_and_required_where_there_is_no_default():
    def machine(**state):
        return {"States": {"One": {"Type": "Task", **state}}}

    own = machine(Resource="arn:aws:states:::lambda:invoke", Retry=[])
    assert with_defaults(own) == own
    with pytest.raises(KeyError):
        with_defaults(machine(Resource="arn:aws:states:::sns:publish"))


def test_each_template_is_within_cloudformation_quotas(either_stack):
    for template in either_stack.templates.values():
        assert len(json.dumps(template)) < 1_000_000
        assert len(template["Resources"]) < 500
        assert len(template["Outputs"]) < 200


def test_each_environment_is_under_4_kb(stack):
    for function in stack.of_type("AWS::Lambda::Function").values():
        variables = function["Environment"]["Variables"]
        assert len(json.dumps(variables)) < 4096


def test_inline_policies_of_each_role_are_under_the_limit(stack):
    by_role: dict[str, int] = {}
    for policy in stack.of_type("AWS::IAM::Policy").values():
        for role in policy["Roles"]:
            length = len(json.dumps(policy["PolicyDocument"], separators=(",", ":")))
            by_role[role["Ref"]] = by_role.get(role["Ref"], 0) + length
    assert max(by_role.values()) < 10_240


def test_no_resource_has_an_explicit_name(stack):
    named = ("FunctionName", "TableName", "QueueName", "BucketName", "RoleName", "StateMachineName")
    for resource in stack.content["Resources"].values():
        if resource["Type"] != "AWS::IAM::Policy":
            assert not set(named) & {
                name
                for name, value in resource.get("Properties", {}).items()
                if isinstance(value, str)
            }


def test_an_unacknowledged_finding_stops_synthesis(tmp_path):
    app = App(outdir=str(tmp_path))
    stack = Stack(app, "Careless", env=Environment(account="111122223333", region="eu-west-1"))
    Queue(stack, "WithoutDeadLetterQueue")
    check(app)
    with pytest.raises(Exception, match=r"AwsSolutions-SQS3"):
        app.synth()


def test_the_stacks_only_compose_capabilities():
    source = (ROOT / "infra" / "stack.py").read_text(encoding="utf-8").splitlines()
    assert len(source) < 180
    assert not any("from aws_cdk.aws_" in line for line in source)
