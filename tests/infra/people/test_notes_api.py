"""The notes API: routes of the one API, served by the one function that may open notes."""

import pytest

METHOD = "AWS::ApiGateway::Method"
KEY = "AWS::KMS::Key"


def function_of(method: dict) -> str:
    return str(method["Integration"]["Uri"])


BUCKET = "AWS::S3::Bucket"


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("POST", "notes"),
        ("GET", "notes"),
        ("DELETE", "noteid"),
        ("POST", "evidence"),
        ("GET", "evidence"),
    ],
)
def test_its_routes_accept_only_signed_requests_and_lead_to_its_function(stack, verb, path):
    method = stack.the(METHOD, f"{path}{verb}")
    assert (method["HttpMethod"], method["AuthorizationType"]) == (verb, "AWS_IAM")
    assert "KeepNotes" in function_of(method)


def test_no_other_function_serves_what_is_private(stack):
    served = {n for n, m in stack.of_type(METHOD).items() if "KeepNotes" in function_of(m)}
    private = ("personid", "evidence", "options")  # options show what a household can repay
    assert all(any(word in name for word in private) for name in served)


def test_the_key_of_the_notes_opens_for_one_function(stack):
    users = {
        policy["Roles"][0]["Ref"]: statement["Action"]
        for policy in stack.of_type("AWS::IAM::Policy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if "NoteKey" in str(statement.get("Resource"))
    }
    (keeper,) = (actions for role, actions in users.items() if "KeepNotes" in role)
    assert set(keeper) == {"kms:Encrypt", "kms:Decrypt"}
    (hearer,) = (actions for role, actions in users.items() if "KeepNotes" not in role)
    assert hearer == "kms:Encrypt"  # who hears replies seals their words and opens none


def test_the_keys_are_its_own_and_rotate(stack):
    assert len(stack.of_type(KEY)) == 5
    for name in ("NoteKey", "EvidenceKey"):
        assert stack.the(KEY, name)["EnableKeyRotation"] is True


def test_the_evidence_is_private_encrypted_versioned_and_erased_in_time(stack):
    bucket = stack.the(BUCKET, "Evidence")
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert "EvidenceKey" in str(rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"])
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    expiring, former = bucket["LifecycleConfiguration"]["Rules"]
    assert expiring["ExpirationInDays"] == 1826
    assert expiring["TagFilters"] == [{"Key": "expires", "Value": "yes"}]
    assert former["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    assert "TagFilters" not in former and "ExpirationInDays" not in former
    assert "aws:SecureTransport" in str(stack.the("AWS::S3::BucketPolicy", "Evidence"))


def test_two_functions_alone_reach_the_evidence_and_delete_none(stack):
    reaching = {
        policy["Roles"][0]["Ref"]
        for policy in stack.of_type("AWS::IAM::Policy").values()
        if "PrivateRecordsEvidence" in str(policy)
    }
    assert len(reaching) == 2  # a dossier reads the papers it attaches
    assert set(stack.allowed("KeepNotes", "s3")) == {
        "s3:PutObject",
        "s3:PutObjectTagging",
        "s3:GetObject",
        "s3:ListBucket",
    }
