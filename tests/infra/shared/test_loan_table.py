"""The loan table."""

import pytest

KIND = "AWS::DynamoDB::GlobalTable"
READS = {f"dynamodb:{each}" for each in ("GetItem", "BatchGetItem", "Query")}
WRITES = {f"dynamodb:{each}" for each in ("PutItem", "UpdateItem", "BatchWriteItem", "DeleteItem")}
MAY_TOUCH = {
    "StartDueReviews": {"INSTITUTION*"},
    "PlanReview": {"INSTITUTION*"},
    "DailyReviewStateMachine": {"INSTITUTION*"},
    "ReviewShard": {
        *("LOAN#*", "PERSON#*", "CONTACT#*", "SUSPENSE#*", "TASK#*", "EXPERIMENT#*"),
        "INSTITUTION*",
    },
    "ReconcileShard": {"LOAN#*"},
    "RecoveryCaseStateMachine": {"LOAN#*"},
    "ReviewChangedLoans": {"LOAN#*", "PERSON#*", "CONTACT#*", "TASK#*", "INSTITUTION*"},
    "RouteChanges": {
        *("LOAN#*", "SUSPENSE#*", "TASK#*", "TIMELINE#*"),
        *("PERSON#*", "INSTITUTION*", "CHAIN#*"),
    },
    "AdvanceCase": {"LOAN#*", "TIMELINE#*", "CHAIN#*"},
    "PrepareDossier": {
        *("LOAN#*", "PERSON#*", "CONTACT#*", "TASK#*", "TIMELINE#*"),
        *("INSTITUTION*", "CHAIN#*"),
    },
    "TakePayments": {
        *("LOAN#*", "PAYMENT#*", "SUSPENSE#*", "PERSON#*", "GROUP#*"),
        *("TIMELINE#*", "INSTITUTION*"),
    },
    "TakeBatches": {"LOAN#*", "PAYMENT#*", "SUSPENSE#*", "PERSON#*", "INSTITUTION*"},
    "DoTasks": {"LOAN#*", "TASK#*", "PERSON#*", "CONTACT#*", "INSTITUTION*"},
    "KeepNotes": {
        *("NOTE#*", "PERSON#*", "CONTACT#*", "LOAN#*", "TASK#*", "TIMELINE#*"),
        "INSTITUTION*",
    },
    "FinishErasures": {"NOTE#*", "PERSON#*", "CONTACT#*", "LOAN#*", "INSTITUTION*"},
    "InstructContact": {"PERSON#*", "CONTACT#*", "INSTITUTION*"},
    "HearReplies": {
        *("LOAN#*", "PERSON#*", "CONTACT#*", "TIMELINE#*", "TASK#*", "NOTE#*"),
        *("INSTITUTION*", "CHAIN#*"),
    },
    "SendMessages": {
        *("LOAN#*", "PERSON#*", "CONTACT#*", "TIMELINE#*", "TASK#*", "SENT#*"),
        *("EXPERIMENT#*", "INSTITUTION*", "CHAIN#*"),
    },
    "NoteDeliveries": {
        *("LOAN#*", "PERSON#*", "CONTACT#*", "TASK#*", "SENT#*"),
        "INSTITUTION*",
    },
    "SealAudit": {"CHAIN#*", "INSTITUTION*"},
    "ExportLoans": {
        *("LOAN#*", "PERSON#*", "CONTACT#*", "TASK#*", "TIMELINE#*"),
        *("CHAIN#*", "INSTITUTION*"),
    },
    "SayYes": {"LOAN#*", "PERSON#*", "CONTACT#*", "INSTITUTION*"},
    "WriteLetters": {
        *("LOAN#*", "PERSON#*", "CONTACT#*", "TIMELINE#*", "TASK#*", "SENT#*"),
        *("INSTITUTION*", "CHAIN#*"),
    },
    "Unsubscribe": {"PERSON#*", "CONTACT#*", "INSTITUTION*"},
    "ImportPortfolio": {
        *("LOAN#*", "PAYMENT#*", "SUSPENSE#*", "PERSON#*", "CONTACT#*", "DELIVERIES#*"),
        "INSTITUTION*",
    },
}


def test_the_table_is_encrypted_with_our_key_and_has_point_in_time_recovery(stack):
    table = stack.the(KIND)
    assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS"}
    (replica,) = table["Replicas"]
    assert replica["SSESpecification"]["KMSMasterKeyId"]
    assert replica["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"


def test_the_key_rotates(stack):
    assert stack.the("AWS::KMS::Key", "DataKey")["EnableKeyRotation"] is True


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
        for statement in policy["PolicyDocument"]["Statement"]
        if f"/index/{index}" in str(statement) and "Condition" not in statement
    }
    assert {name for name in MAY_TOUCH if any(name in each for each in readers)} == {
        "ReviewShard",
        "ReconcileShard",
        "ImportPortfolio",  # which loans a full delivery lacks
    }


@pytest.mark.parametrize(
    ("function", "lists"),
    [
        ("TakePayments", ["PAYMENTS#*", "HELD#*", "COMPLAINTS#*"]),
        ("DoTasks", ["TASKS#*", "DECISIONS#*", "CASES#*", "HELD#*"]),
    ],
)
def test_an_api_may_query_its_own_lists_alone(stack, function, lists):
    found = [
        statement
        for policy in stack.of_type("AWS::IAM::Policy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if "/index/" in str(statement) and function in policy["Roles"][0]["Ref"]
    ]
    [statement] = found
    assert (statement["Action"], "/index/lists" in str(statement["Resource"])) == (
        "dynamodb:Query",
        True,
    )
    keys = statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    assert keys in (lists, lists[0])


MAY_ERASE = {
    "KeepNotes": {"NOTE#*", "PERSON#*", "CONTACT#*"},
    "FinishErasures": {"NOTE#*", "PERSON#*", "CONTACT#*"},
    "RouteChanges": {"PERSON#*"},
    "ReviewShard": {"EXPERIMENT#*"},  # who has been looked at is on the list no more
}


def test_no_function_may_scan_or_delete_loans(stack):
    for policy in stack.of_type("AWS::IAM::Policy").values():
        for forbidden in ("dynamodb:Scan", "dynamodb:*"):
            assert forbidden not in str(policy)
        for statement in policy["PolicyDocument"]["Statement"]:
            if "dynamodb:DeleteItem" in str(statement["Action"]):
                role = policy["Roles"][0]["Ref"]
                keys = statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
                (erased,) = (each for name, each in MAY_ERASE.items() if name in role)
                assert ({keys} if isinstance(keys, str) else {*keys}) == erased


def test_the_table_erases_what_has_expired(either_stack):
    expires = {"AttributeName": "expires_at", "Enabled": True}
    assert either_stack.the(KIND)["TimeToLiveSpecification"] == expires


def kinds_of(stack, *, writing: bool) -> dict[str, set[str]]:
    """Return the kinds of items that each role may touch, or only those it may write."""
    found: dict[str, set[str]] = {}
    for policy in stack.of_type("AWS::IAM::Policy").values():
        for statement in policy["PolicyDocument"]["Statement"]:
            actions = statement["Action"]
            actions = {actions} if isinstance(actions, str) else {*actions}
            on_items = actions & (WRITES if writing else WRITES | READS)
            if not on_items or "/index/" in str(statement["Resource"]):
                continue
            kinds = statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
            for role in policy["Roles"]:
                (name,) = [each for each in MAY_TOUCH if each in role["Ref"]]
                found.setdefault(name, set()).update([kinds] if isinstance(kinds, str) else kinds)
    return found


def test_each_role_reaches_only_the_kinds_of_items_it_needs(stack):
    assert kinds_of(stack, writing=False) == MAY_TOUCH


def test_only_files_and_people_change_how_to_reach_somebody_and_no_function_a_policy(stack):
    written = kinds_of(stack, writing=True)
    assert {name for name, kinds in written.items() if "CONTACT#*" in kinds} == {
        "ImportPortfolio",
        "KeepNotes",
        "FinishErasures",
        "DoTasks",  # a number that turned out to be wrong is barred
        "InstructContact",
        "HearReplies",  # an address is confirmed, barred, or wants no more messages
        "NoteDeliveries",  # an address that is dead, or a complaint about spam
        "Unsubscribe",  # who ends e-mail by the link in one
    }
    assert {name for name, kinds in written.items() if "INSTITUTION*" in kinds} == {
        "DailyReviewStateMachine"  # the review's progress, by its own definition
    }


def test_one_function_alone_may_read_the_notes_and_another_adds_what_people_reply(stack):
    actions = {}
    for policy in stack.of_type("AWS::IAM::Policy").values():
        for statement in policy["PolicyDocument"]["Statement"]:
            if "NOTE#" in str(statement):
                (name,) = [each for each in MAY_TOUCH if each in policy["Roles"][0]["Ref"]]
                said = statement["Action"]
                actions.setdefault(name, set()).update([said] if isinstance(said, str) else said)
    assert {*actions} == {"KeepNotes", "HearReplies", "FinishErasures"}
    assert actions["FinishErasures"] == {"dynamodb:Query", "dynamodb:DeleteItem"}
    assert actions["HearReplies"] == {"dynamodb:PutItem"}
