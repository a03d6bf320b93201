"""Letters are kept under lock, and each function of agreements may do its own part alone."""

from __future__ import annotations

FUNCTION = "AWS::Lambda::Function"


def test_letters_are_locked_with_our_key_and_outlive_the_stack(stack) -> None:
    bucket = stack.the("AWS::S3::Bucket", "KeptLetters")
    assert bucket["ObjectLockEnabled"] is True
    lock = bucket["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert lock == {"Mode": "GOVERNANCE", "Days": 1826}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert "DataKey" in str(rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"])
    assert not any("Expiration" in str(each) for each in bucket["LifecycleConfiguration"]["Rules"])


def test_nobody_may_bypass_the_lock_and_only_the_writer_puts_letters(stack) -> None:
    assert {*stack.allowed("WriteLetters", "s3")} == {"s3:GetObject", "s3:PutObject"}
    assert {*stack.allowed("SayYes", "s3")} == {"s3:GetObject"}
    for policy in stack.of_type("AWS::IAM::Policy").values():
        assert "BypassGovernanceRetention" not in str(policy)


def test_agreements_that_were_made_come_from_the_bus_to_the_queue(stack) -> None:
    rule = stack.the("AWS::Events::Rule", "AgreementMade")
    told = ["AgreementMade", "LettersDue"]
    assert rule["EventPattern"] == {"source": ["recovery"], "detail-type": told}
    mapping = stack.the("AWS::Lambda::EventSourceMapping", "WriteLetters")
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    queue = stack.the("AWS::SQS::Queue", "AgreementsQueue")
    assert queue["RedrivePolicy"]["maxReceiveCount"] == 10
    seconds = stack.the(FUNCTION, "WriteLetters")["Timeout"]
    assert queue["VisibilityTimeout"] >= 6 * seconds


def test_the_pdf_layer_is_for_who_writes_letters_and_dossiers_alone(stack) -> None:
    layers = {
        name: str(each["Layers"])
        for name, each in stack.of_type(FUNCTION).items()
        if "LayersPdf" in str(each["Layers"])
    }
    assert len(layers) == 2
    assert all(any(name in each for each in layers) for name in ("WriteLetters", "PrepareDossier"))
