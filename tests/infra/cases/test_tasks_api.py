"""The API of tasks: routes of the one API, served by a function of its own."""

import pytest

METHOD = "AWS::ApiGateway::Method"


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("GET", "tasks"),
        ("GET", "taskid"),
        ("POST", "take"),
        ("POST", "tries"),
        ("POST", "outcome"),
        ("GET", "cases"),
        ("POST", "procedures"),
        ("GET", "judicial"),
        ("GET", "dossier"),
        ("POST", "loaniddecisions"),
    ],
)
def test_its_routes_accept_only_signed_requests_and_lead_to_its_function(stack, verb, path):
    method = stack.the(METHOD, f"{path}{verb}")
    assert (method["HttpMethod"], method["AuthorizationType"]) == (verb, "AWS_IAM")
    assert "DoTasks" in str(method["Integration"]["Uri"])


def test_it_may_open_no_notes_and_delete_nothing(stack):
    [policy] = [
        each
        for each in stack.of_type("AWS::IAM::Policy").values()
        if "DoTasks" in each["Roles"][0]["Ref"]
    ]
    for forbidden in ("NOTE#", "DeleteItem", "TIMELINE#"):
        assert forbidden not in str(policy)
