"""One embedded AWS and one deployment for all tests here; each test gets its own institution."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from infra.demo.stream_watch import StreamWatch
from infra.deployment.target import Target
from infra.layers.platform import ROOT
from tests.embedded.lender import Lender
from tests.embedded_deployment import deployed

HOME = ROOT / ".recovery" / "tests"  # separate from the one a user may be running
# The one that reads the logs, then the one that fills them with refusals.
_LAST = ("test_what_remains.py", "test_refused_permissions.py")
_INSTITUTIONS = 120


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all tests here as embedded, and run those last that check or fill the logs."""
    ours = [item for item in items if "/tests/embedded/" in item.path.as_posix()]
    for item in ours:
        item.add_marker(pytest.mark.embedded)
    at = [items.index(item) for item in ours]
    ours.sort(key=lambda item: _LAST.index(item.path.name) if item.path.name in _LAST else -1)
    for place, item in zip(at, ours, strict=True):
        items[place] = item


@pytest.fixture(scope="package")
def institutions() -> list[dict[str, str]]:
    """Enough for every test, with an hour that does not come during the run."""
    names = ["default", *(f"lender-{number:03}" for number in range(1, _INSTITUTIONS))]
    return [
        {"institution_id": id, "name": "Casa Microcredit", "time_zone": "UTC", "review_at": "23:59"}
        for id in names
    ]


@pytest.fixture(scope="package")
def target(institutions: list[dict[str, str]]) -> Iterator[Target]:
    """The deployment shared by all tests here."""
    with deployed(HOME, {"institutions": institutions, "shards": 1}) as target:
        yield target


@pytest.fixture(scope="package")
def ids(institutions: list[dict[str, str]]) -> Iterator[str]:
    """Unused institutions, without the default one."""
    return iter([each["institution_id"] for each in institutions[1:]])


@pytest.fixture
def make_lender(target: Target, ids: Iterator[str], tmp_path) -> Callable[..., Lender]:
    """Make lenders, each an institution with its own loans and business date."""

    def make(**policy: Any) -> Lender:
        lender = Lender(target, next(ids), tmp_path, StreamWatch(target))
        lender.set_policy(**policy)
        return lender

    return make


@pytest.fixture
def lender(make_lender: Callable[..., Lender]) -> Lender:
    """A lender whose policy reaches every stage within days."""
    return make_lender()


@pytest.fixture
def plain_name(request: pytest.FixtureRequest) -> str:
    """The test's name, shortened to a valid AWS resource name."""
    return re.sub(r"\W+", "-", request.node.name)[:40]
