"""A separate deployment for real loans, because the tests count everything in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.deployment.target import Target
from tests.embedded_deployment import deployed


@pytest.fixture(scope="package")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """A deployment with two shards."""
    with deployed(tmp_path_factory.mktemp("embedded"), {"shards": 2}) as target:
        yield target
