"""The environment of tests that run on moto, whatever the tests before them deployed."""

from __future__ import annotations

import os

import pytest

from recovery.adapters import aws


def stay_in_memory(monkeypatch: pytest.MonkeyPatch, region: str = "eu-west-1") -> None:
    """Use dummy credentials, and no endpoint, profile or token of this machine's."""
    for name in list(os.environ):
        if name.startswith("AWS_ENDPOINT_URL") or name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
            monkeypatch.delenv(name)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    # what an earlier test made, perhaps for another region, is not used again
    aws.session.cache_clear()
    monkeypatch.setattr(aws, "_clients", {})
