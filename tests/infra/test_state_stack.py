"""An upgrade keeps the state: its ids, its names and what other stacks and people hold on to."""

from __future__ import annotations

import pytest
from aws_cdk import App

from infra.app import build
from infra.settings import StackSettings
from infra.stack_names import SERVICES, STATE

# CloudFormation replaces a resource whose logical id changes: a new key, table, bucket or bus.
# These are the ids of their first deployment. Never change them to make a test pass.
KEPT = {
    "DataKey17AFBB84": "AWS::KMS::Key",
    "LoanTableEB953104": "AWS::DynamoDB::GlobalTable",
    "PortfolioImportBucket2A7CCD9D": "AWS::S3::Bucket",
    "PortfolioImportBucketPolicyE0555535": "AWS::S3::BucketPolicy",
    "EventBus7B8748AA": "AWS::Events::EventBus",
    "EventBusArchive52248A77": "AWS::Events::Archive",
    "AlertsTopicCF7C81C9": "AWS::SNS::Topic",
    "AlertsTopicPolicyFF1F97BA": "AWS::SNS::TopicPolicy",
    "PrivateRecordsNoteKeyA71D02E0": "AWS::KMS::Key",
    "PrivateRecordsEvidenceKey33A4BD3E": "AWS::KMS::Key",
    "PrivateRecordsEvidence44BF7BCA": "AWS::S3::Bucket",
    "PrivateRecordsEvidencePolicy85F20C49": "AWS::S3::BucketPolicy",
    "PrivateRecordsAuditRootsED4D80BC": "AWS::S3::Bucket",
    "PrivateRecordsAuditRootsPolicy2495CD1B": "AWS::S3::BucketPolicy",
    "PrivateRecordsPackagesE537ADEF": "AWS::S3::Bucket",
    "PrivateRecordsPackagesPolicyC2810593": "AWS::S3::BucketPolicy",
    "ReceivedRepliesBucket09E3D46E": "AWS::S3::Bucket",
    "ReceivedRepliesBucketPolicyAB2D4C59": "AWS::S3::BucketPolicy",
    "ReceivedRepliesKeyBC9A07E3": "AWS::KMS::Key",
    "ReceivedRepliesTextMessagesA59302F3": "AWS::SNS::Topic",
    "ReceivedRepliesTextMessagesPolicy4E3FD3CA": "AWS::SNS::TopicPolicy",
    "FeedbackLinkKey09FFFC36": "AWS::KMS::Key",
    "FeedbackNews4E8F4A61": "AWS::SNS::Topic",
    "FeedbackNewsPolicy85B5EEE7": "AWS::SNS::TopicPolicy",
    "KeptLettersBucket6A25F3B4": "AWS::S3::Bucket",
    "KeptLettersBucketPolicy0035B593": "AWS::S3::BucketPolicy",
    "PrivateRecordsKeptDossiersBucket1F6FBE06": "AWS::S3::Bucket",
    "PrivateRecordsKeptDossiersBucketPolicyD7F4EBA5": "AWS::S3::BucketPolicy",
}
ONLY_ON_AWS = {
    "AWS::S3::BucketPolicy",
    "AWS::Events::Archive",
}
EXPORTED = {
    ("DataKey17AFBB84", "Arn"),
    ("LoanTableEB953104", "Ref"),
    ("LoanTableEB953104", "Arn"),
    ("LoanTableEB953104", "StreamArn"),
    ("PortfolioImportBucket2A7CCD9D", "Ref"),
    ("PortfolioImportBucket2A7CCD9D", "Arn"),
    ("EventBus7B8748AA", "Ref"),
    ("EventBus7B8748AA", "Arn"),
    ("AlertsTopicCF7C81C9", "Ref"),
    ("PrivateRecordsNoteKeyA71D02E0", "Arn"),
    ("PrivateRecordsEvidenceKey33A4BD3E", "Arn"),
    ("PrivateRecordsEvidence44BF7BCA", "Ref"),
    ("PrivateRecordsEvidence44BF7BCA", "Arn"),
    ("PrivateRecordsAuditRootsED4D80BC", "Ref"),
    ("PrivateRecordsAuditRootsED4D80BC", "Arn"),
    ("PrivateRecordsPackagesE537ADEF", "Ref"),
    ("PrivateRecordsPackagesE537ADEF", "Arn"),
    ("ReceivedRepliesBucket09E3D46E", "Ref"),
    ("ReceivedRepliesBucket09E3D46E", "Arn"),
    ("ReceivedRepliesKeyBC9A07E3", "Arn"),
    ("ReceivedRepliesTextMessagesA59302F3", "Ref"),
    ("FeedbackLinkKey09FFFC36", "Arn"),
    ("FeedbackNews4E8F4A61", "Ref"),
    ("KeptLettersBucket6A25F3B4", "Ref"),
    ("KeptLettersBucket6A25F3B4", "Arn"),
    ("PrivateRecordsKeptDossiersBucket1F6FBE06", "Ref"),
    ("PrivateRecordsKeptDossiersBucket1F6FBE06", "Arn"),
}


def kinds(template):
    return {name: resource["Type"] for name, resource in template["Resources"].items()}


def test_the_stacks_keep_their_names():
    assert (STATE, SERVICES) == ("PortfolioRecovery", "PortfolioRecoveryServices")


def test_the_state_keeps_its_ids_and_nothing_else_lives_with_it(stack):
    assert kinds(stack.templates[STATE]) == KEPT


def test_the_state_is_the_same_on_the_embedded_aws(embedded_stack):
    expected = {name: kind for name, kind in KEPT.items() if kind not in ONLY_ON_AWS}
    assert kinds(embedded_stack.templates[STATE]) == expected


def test_the_services_hold_no_state(either_stack):
    assert not set(KEPT.values()) & set(kinds(either_stack.templates[SERVICES]).values())


def test_nothing_in_the_state_has_a_new_name(stack):
    """A new name replaces a resource as a new id does."""
    resources = stack.templates[STATE]["Resources"]
    named = {
        name: value
        for name, resource in resources.items()
        for property, value in resource["Properties"].items()
        if property in ("Name", "TableName", "BucketName", "TopicName", "ArchiveName")
    }
    assert named == {"EventBus7B8748AA": "PortfolioRecoveryEventBusF0630795"}


def test_records_stay_when_the_stack_is_deleted(stack):
    resources = stack.templates[STATE]["Resources"]
    for name, kind in KEPT.items():
        if kind not in ("AWS::KMS::Key", "AWS::DynamoDB::GlobalTable", "AWS::S3::Bucket"):
            continue
        assert resources[name]["DeletionPolicy"] == "Retain"
        assert resources[name]["UpdateReplacePolicy"] == "Retain"


def test_the_state_exports_everything_a_service_may_ever_import(either_stack):
    """An export that comes and goes with its reader blocks the deployment that drops it."""
    exported = {
        (name, attribute)
        for output in either_stack.templates[STATE]["Outputs"].values()
        if "Export" in output
        for name, attribute in [_target(output["Value"])]
    }
    assert exported == EXPORTED


def test_the_state_knows_nothing_of_the_services(either_stack):
    assert "Fn::ImportValue" not in str(either_stack.templates[STATE])
    assert SERVICES not in str(either_stack.templates[STATE])


@pytest.mark.parametrize("embedded", [False, True])
def test_neither_stack_of_a_real_account_is_deleted_by_mistake(synthesize, context, embedded):
    values = {"embedded": embedded, "account": "111122223333", "region": "eu-west-1"}
    both = build(App(context=context), StackSettings.from_values(context | values))
    assert [each.termination_protection for each in both] == [not embedded] * 2


def _target(value):
    return (value["Ref"], "Ref") if "Ref" in value else tuple(value["Fn::GetAtt"])
