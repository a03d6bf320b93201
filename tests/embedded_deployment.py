"""A deployment on a separate embedded AWS, for the tests in one folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from infra.deployment import deploy as deployment
from infra.deployment.institutions import seed_institutions
from infra.deployment.target import Target
from infra.embedded import aws as embedded_aws
from infra.embedded.process import any_free_port
from recovery.adapters import aws
from recovery.adapters.dynamodb.connection import forget_connection
from recovery.adapters.dynamodb.items import Item


@contextmanager
def deployed(home: Path, context: Mapping[str, object]) -> Iterator[Target]:
    """Deploy, and stop at the end; leaves alone any embedded AWS the user is running."""
    places = {
        "HOME": home,
        "LOG": home / "embedded.log",
        "OUTPUTS": home / "outputs.json",
        "_RECORD": home / "embedded.json",
        "_STATE": home / "embedded",
    }
    environment = dict(os.environ)
    with pytest.MonkeyPatch.context() as patch:
        for module in (embedded_aws, deployment):
            for name, path in places.items():
                if hasattr(module, name):
                    patch.setattr(module, name, path)
        embedded_aws.stop()  # clean up after an earlier run
        try:
            embedded = embedded_aws.start(port=any_free_port())
            outputs = deployment.deploy(embedded=embedded, context=context)
            _forget_clients()
            target = Target(embedded, outputs)
            seed_institutions(target, context)
            yield target
        finally:
            embedded_aws.stop()
            os.environ.clear()
            os.environ.update(environment)
            _forget_clients()


def _forget_clients() -> None:
    """Drop cached clients, which keep the endpoint they were created with."""
    import boto3

    aws._clients.clear()
    aws.session.cache_clear()
    forget_connection(Item)
    boto3.DEFAULT_SESSION = None
