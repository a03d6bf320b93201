"""The loan table."""

import pytest

KIND = "AWS::DynamoDB::GlobalTable"
MAY_TOUCH = {
    "StartDueReviews": {"INSTITUTION*"},
    "PlanReview": {"INSTITUTION*"},
    "DailyReviewStateMachine": {"INSTITUTION*"},
    "ReviewShard": {"LOAN#*", "INSTITUTION*"},
    "ReconcileShard": {"LOAN#*"},
    "RecoveryCaseStateMachine": {"LOAN#*"},
    "ReviewChangedLoans": {"LOAN#*", "INSTITUTION*"},
    "RouteChanges": {"LOAN#*", "TIMELINE#*"},
    "AdvanceCase": {"LOAN#*", "TIMELINE#*"},
    "TakePayments": {"LOAN#*", "PAYMENT#*", "INSTITUTION*"},
    "SendMessages": {"LOAN#*", "PERSON#*", "CONTACT#*", "TIMELINE#*", "INSTITUTION*"},
    "ImportPortfolio": {"LOAN#*", "PAYMENT#*", "PERSON#*", "CONTACT#*", "INSTITUTION*"},
}


def test_the_table_is_encrypted_with_our_key_and_has_point_in_time_recovery(stack):
    table = stack.the(KIND)
    assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS"}
    (replica,) = table["Replicas"]
    assert replica["SSESpecification"]["KMSMasterKeyId"]
    assert replica["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"


def test_the_key_rotates(stack):
    assert stack.the("AWS::KMS::Key")["EnableKeyRotation"] is True


def test_deleting_the_stack_keeps_the_loans(stack, embedded_stack):
    assert stack.the(KIND)["Replicas"][0]["DeletionProtectionEnabled"] is True
    stack.template.has_resource(KIND, {"DeletionPolicy": "Retain"})
    embedded_stack.template.has_resource(KIND, {"DeletionPolicy": "Delete"})


def test_the_stream_carries_old_and_new_images(stack):
    assert stack.the(KIND)["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_the_indexes_hold_keys_only(stack):
    assert stack.the(KIND)["GlobalSecondaryIndexes"] == [
        {
            "IndexName": name,
            "KeySchema": [
                {"AttributeName": partition_key, "KeyType": "HASH"},
                {"AttributeName": sort_key, "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
        for name, partition_key, sort_key in (
            ("due", "due_shard", "next_review_on"),
            ("lists", "listed_in", "listed_by"),
        )
    ]


@pytest.mark.parametrize("index", ["due", "lists"])
def test_only_whoever_works_by_shard_may_query_an_index(stack, index):
    readers = {
        role["Ref"]
        for policy in stack.of_type("AWS::IAM::Policy").values()
        for role in policy["Roles"]
        if f"/index/{index}" in str(policy["PolicyDocument"])
    }
    assert {name for name in MAY_TOUCH if any(name in each for each in readers)} == {
        "ReviewShard",
        "ReconcileShard",
    }


def test_no_function_may_scan_or_delete_loans(stack):
    for policy in stack.of_type("AWS::IAM::Policy").values():
        for forbidden in ("dynamodb:Scan", "dynamodb:DeleteItem", "dynamodb:*"):
            assert forbidden not in str(policy)


def test_each_role_reaches_only_the_kinds_of_items_it_needs(stack):
    found = {}
    for policy in stack.of_type("AWS::IAM::Policy").values():
        for statement in policy["PolicyDocument"]["Statement"]:
            actions = statement["Action"]
            actions = [actions] if isinstance(actions, str) else actions
            on_items = [a for a in actions if a.startswith("dynamodb:") and "Stream" not in a]
            on_items = [
                a for a in on_items if a not in ("dynamodb:GetRecords", "dynamodb:GetShardIterator")
            ]
            if not on_items or "/index/" in str(statement["Resource"]):
                continue
            kinds = statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
            kinds = [kinds] if isinstance(kinds, str) else kinds
            for role in policy["Roles"]:
                (name,) = [each for each in MAY_TOUCH if each in role["Ref"]]
                found[name] = found.get(name, set()) | set(kinds)
    assert found == MAY_TOUCH


def test_nobody_may_read_the_notes_yet(stack):
    assert "NOTE#" not in str(stack.of_type("AWS::IAM::Policy"))
