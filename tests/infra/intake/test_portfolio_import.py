"""Portfolio import."""

BUCKET = "AWS::S3::Bucket"


def test_the_bucket_is_private_encrypted_and_versioned(stack):
    bucket = stack.the(BUCKET, "PortfolioImport")
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}


def test_the_bucket_requires_tls(stack):
    assert "aws:SecureTransport" in str(stack.the("AWS::S3::BucketPolicy", "PortfolioImport"))


def test_imports_are_kept_for_a_year(stack):
    (rule,) = stack.the(BUCKET, "PortfolioImport")["LifecycleConfiguration"]["Rules"]
    assert (rule["Prefix"], rule["ExpirationInDays"]) == ("imports/", 365)


def test_the_bucket_notifies_eventbridge_without_a_custom_resource(either_stack):
    configuration = either_stack.the(BUCKET, "PortfolioImport")["NotificationConfiguration"]
    assert configuration == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    assert not [kind for kind in str(either_stack.content).split("'") if "Custom::" in kind]


def test_only_a_manifest_under_imports_starts_an_import(stack):
    rule = stack.the("AWS::Events::Rule", "ManifestArrived")
    pattern = rule["EventPattern"]
    assert pattern["detail"]["object"]["key"] == [{"wildcard": "imports/*/manifest.json"}]
    assert pattern["detail-type"] == ["Object Created"]


def test_a_failed_import_is_retried_then_kept_for_a_person(stack):
    (target,) = stack.the("AWS::Events::Rule", "ManifestArrived")["Targets"]
    assert target["RetryPolicy"]["MaximumRetryAttempts"] == 2
    queue = target["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0]
    assert "FailedImports" in queue
    invocation = stack.the("AWS::Lambda::EventInvokeConfig")
    destination = invocation["DestinationConfig"]["OnFailure"]["Destination"]
    assert destination["Fn::GetAtt"][0] == queue


def test_the_function_has_time_memory_and_disk_for_a_portfolio(stack):
    function = stack.the("AWS::Lambda::Function", "ImportPortfolio")
    assert (function["Timeout"], function["MemorySize"]) == (900, 1024)
    assert function["EphemeralStorage"] == {"Size": 2048}


def test_it_may_access_only_files_under_imports(stack):
    allowed = stack.allowed("ImportPortfolio", "s3")
    assert set(allowed) == {"s3:GetObject", "s3:PutObject"}
    for resources in allowed.values():
        (arn,) = resources
        assert arn["Fn::Join"][1][-1] == "/imports/*"
