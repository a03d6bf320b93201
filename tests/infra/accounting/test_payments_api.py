"""The payments API."""

import pytest

from infra.shared.signed_api import PROBLEM

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


def test_only_health_and_the_link_that_ends_email_are_open(stack):
    open_routes = [n for n, m in stack.of_type(METHOD).items() if m["AuthorizationType"] == "NONE"]
    names = ("healthGET", "unsubscribetokenGET", "unsubscribetokenPOST")
    assert len(open_routes) == len(names)
    assert all(any(name in each for each in open_routes) for name in names)


def test_the_stage_is_throttled_traced_and_logged_as_json(stack):
    stage = stack.the("AWS::ApiGateway::Stage")
    everywhere, *open_ones = stage["MethodSettings"]
    assert (everywhere["ThrottlingRateLimit"], everywhere["ThrottlingBurstLimit"]) == (50, 100)
    assert everywhere["DataTraceEnabled"] is False
    for each in open_ones:
        assert "unsubscribe" in each["ResourcePath"]
        assert each["ThrottlingRateLimit"] < everywhere["ThrottlingRateLimit"]
    assert stage["TracingEnabled"] is True
    assert stage["AccessLogSetting"]["Format"].startswith("{")


def test_gateway_errors_are_problem_json(stack):
    answers = stack.of_type("AWS::ApiGateway::GatewayResponse").values()
    assert {answer["ResponseType"] for answer in answers} == {"DEFAULT_4XX", "DEFAULT_5XX"}
    for answer in answers:
        assert answer["ResponseTemplates"] == {"application/json": PROBLEM}
        assert answer["ResponseParameters"] == {
            "gatewayresponse.header.Content-Type": "'application/problem+json'"
        }


def test_the_gateway_quotes_the_message_of_a_problem():
    assert '"detail": $context.error.messageString' in PROBLEM


def test_it_may_write_payments_but_not_batches(stack):
    assert set(stack.allowed("TakePayments", "dynamodb")) <= {
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:BatchGetItem",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
    }
