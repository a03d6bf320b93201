"""The contacts API: two routes of the one API, served by a function of their own."""

import pytest

METHOD = "AWS::ApiGateway::Method"


@pytest.mark.parametrize("verb", ["PATCH", "GET"])
def test_its_routes_accept_only_signed_requests_and_lead_to_its_function(stack, verb):
    method = stack.the(METHOD, f"contactinstructions{verb}")
    assert (method["HttpMethod"], method["AuthorizationType"]) == (verb, "AWS_IAM")
    assert "InstructContact" in str(method["Integration"]["Uri"])


def test_it_touches_people_and_nothing_else(stack):
    assert set(stack.allowed("InstructContact", "dynamodb")) == {
        f"dynamodb:{each}" for each in ("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem")
    }
    for service in ("s3", "ses", "sns", "sqs", "events"):
        assert not stack.allowed("InstructContact", service)
