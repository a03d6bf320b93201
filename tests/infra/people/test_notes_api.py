"""The notes API: routes of the one API, served by the one function that may open notes."""

import pytest

METHOD = "AWS::ApiGateway::Method"
KEY = "AWS::KMS::Key"


def function_of(method: dict) -> str:
    return str(method["Integration"]["Uri"])


@pytest.mark.parametrize(
    ("verb", "path"), [("POST", "notes"), ("GET", "notes"), ("DELETE", "noteid")]
)
def test_its_routes_accept_only_signed_requests_and_lead_to_its_function(stack, verb, path):
    method = stack.the(METHOD, f"{path}{verb}")
    assert (method["HttpMethod"], method["AuthorizationType"]) == (verb, "AWS_IAM")
    assert "KeepNotes" in function_of(method)


def test_no_other_function_serves_what_is_private(stack):
    served = {n for n, m in stack.of_type(METHOD).items() if "KeepNotes" in function_of(m)}
    assert all("personid" in name for name in served)


def test_the_key_of_the_notes_opens_for_one_function(stack):
    users = {
        policy["Roles"][0]["Ref"]: statement["Action"]
        for policy in stack.of_type("AWS::IAM::Policy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if "NoteKey" in str(statement.get("Resource"))
    }
    [(role, actions)] = users.items()
    assert "KeepNotes" in role
    assert set(actions) == {"kms:Encrypt", "kms:Decrypt"}


def test_the_keys_are_its_own_and_rotate(stack):
    assert len(stack.of_type(KEY)) == 3
    for name in ("NoteKey", "EvidenceKey"):
        assert stack.the(KEY, name)["EnableKeyRotation"] is True
