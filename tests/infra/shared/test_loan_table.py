"""The loan table."""

KIND = "AWS::DynamoDB::GlobalTable"


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


def test_the_index_of_due_loans_holds_keys_only(stack):
    assert stack.the(KIND)["GlobalSecondaryIndexes"] == [
        {
            "IndexName": "due",
            "KeySchema": [
                {"AttributeName": "due_shard", "KeyType": "HASH"},
                {"AttributeName": "next_review_on", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
    ]


def test_only_the_shard_review_may_query_the_index(stack):
    readers = {
        role["Ref"]
        for policy in stack.of_type("AWS::IAM::Policy").values()
        for role in policy["Roles"]
        if "/index/due" in str(policy["PolicyDocument"])
    }
    assert len(readers) == 1
    assert "ReviewShard" in readers.pop()


def test_no_function_may_scan_or_delete_loans(stack):
    for policy in stack.of_type("AWS::IAM::Policy").values():
        for forbidden in ("dynamodb:Scan", "dynamodb:DeleteItem", "dynamodb:*"):
            assert forbidden not in str(policy)
