"""The payments API."""

import json
import re

import pytest

from infra.shared.signed_api import problem_template
from recovery.api.problems import PROBLEM_TYPES
from tests.api_document import document

METHOD = "AWS::ApiGateway::Method"


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        *[("POST", "payments"), ("POST", "reversal"), ("POST", "move"), ("GET", "receipt")],
        *[("GET", f"{owner}payments") for owner in ("institutionid", "loanid")],
        ("GET", "paymentspaymentid"),
        *[("GET", "standing"), ("GET", "timeline"), ("GET", "loansloanid")],
        *[("POST", "parties"), ("POST", "collateral"), ("POST", "claims")],
        *[("GET", "groupid"), ("POST", "collectionsheets"), ("POST", "verification")],
    ],
)
def test_routes_accept_only_signed_requests(stack, verb, path):
    method = stack.the(METHOD, f"{path}{verb}")
    assert (method["HttpMethod"], method["AuthorizationType"]) == (verb, "AWS_IAM")


def test_what_is_open_holds_no_data_or_proves_itself(stack):
    open_routes = [n for n, m in stack.of_type(METHOD).items() if m["AuthorizationType"] == "NONE"]
    names = ("healthGET", "unsubscribetokenGET", "unsubscribetokenPOST")
    names += ("openapijsonGET", "referenceGET", "problemscodeGET")
    assert len(open_routes) == len(names)
    assert all(any(name in each for each in open_routes) for name in names)
    assert not stack.allowed("DescribeApi", "dynamodb")


def test_the_document_has_exactly_the_routes_that_are_served(stack):
    resources = stack.of_type("AWS::ApiGateway::Resource")

    def path(ref) -> str:
        parent = resources[ref]["ParentId"].get("Ref")
        return f"{path(parent) if parent else ''}/{resources[ref]['PathPart']}"

    served = {
        (each["HttpMethod"], path(each["ResourceId"]["Ref"]), each["AuthorizationType"] == "NONE")
        for each in stack.of_type(METHOD).values()
    }
    described = {
        (verb.upper(), path, not call["security"])
        for path, calls in document()["paths"].items()
        for verb, call in calls.items()
    }
    assert served == described


def test_the_stage_is_throttled_traced_and_logged_as_json(stack):
    stage = stack.the("AWS::ApiGateway::Stage")
    everywhere, *open_ones = stage["MethodSettings"]
    assert (everywhere["ThrottlingRateLimit"], everywhere["ThrottlingBurstLimit"]) == (50, 100)
    assert everywhere["DataTraceEnabled"] is False
    for each in open_ones:
        assert re.search("unsubscribe|openapi|reference|problems", each["ResourcePath"])
        assert each["ThrottlingRateLimit"] < everywhere["ThrottlingRateLimit"]
    assert stage["TracingEnabled"] is True
    assert stage["AccessLogSetting"]["Format"].startswith("{")


def test_gateway_errors_are_problem_json_with_code_and_remedy(stack):
    answers = stack.of_type("AWS::ApiGateway::GatewayResponse").values()
    kinds = {each["ResponseType"] for each in answers}
    assert kinds >= {"MISSING_AUTHENTICATION_TOKEN", "ACCESS_DENIED", "THROTTLED"}
    assert kinds >= {"BAD_REQUEST_BODY", "DEFAULT_4XX", "DEFAULT_5XX"}
    for answer in answers:
        (template,) = answer["ResponseTemplates"].values()
        problem = json.loads(template.replace("$context.error.messageString", '"as it says"'))
        known = PROBLEM_TYPES[problem["code"]]
        assert (problem["type"], problem["remedy"]) == (known.type, known.remedy)
        if not answer["ResponseType"].startswith("DEFAULT"):
            assert answer["StatusCode"] == str(known.status) == str(problem["status"])
        assert answer["ResponseParameters"] == {
            "gatewayresponse.header.Content-Type": "'application/problem+json'"
        }


def test_the_gateway_quotes_the_message_of_a_problem():
    assert '"detail": $context.error.messageString' in problem_template("not_signed")


def test_it_may_write_payments_but_not_batches(stack):
    assert set(stack.allowed("TakePayments", "dynamodb")) <= {
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:BatchGetItem",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
    }
