"""Dossiers are kept under lock: who makes them reads none, who shows them writes none."""

from __future__ import annotations


def test_dossiers_are_locked_with_our_key_and_outlive_the_stack(stack) -> None:
    bucket = stack.the("AWS::S3::Bucket", "KeptDossiers")
    assert bucket["ObjectLockEnabled"] is True
    lock = bucket["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert lock == {"Mode": "GOVERNANCE", "Days": 1826}
    [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert "DataKey" in str(rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"])
    rules = bucket["LifecycleConfiguration"]["Rules"]
    assert not any("ExpirationInDays" in each for each in rules)


def test_each_function_may_do_its_part_alone(stack) -> None:
    made = stack.allowed("PrepareDossier", "s3")
    assert {*made} == {"s3:PutObject", "s3:GetObject", "s3:ListBucket"}
    assert "KeptDossiers" in str(made["s3:PutObject"])
    assert "Evidence" in str(made["s3:GetObject"]) and "Evidence" in str(made["s3:ListBucket"])
    assert {*stack.allowed("DoTasks", "s3")} == {"s3:GetObject"}


def test_it_has_the_time_and_memory_that_a_dossier_takes(stack) -> None:
    function = stack.the("AWS::Lambda::Function", "PrepareDossier")
    assert (function["MemorySize"], function["Timeout"]) == (1024, 60)
