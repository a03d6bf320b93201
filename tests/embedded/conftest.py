"""One embedded AWS with one deployment for all tests here; an institution of its own for each."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra import deployment, embedded_aws
from infra.demo.stream_watch import StreamWatch
from infra.embedded_process import any_free_port
from infra.layer_target import ROOT
from infra.target import Target
from recovery.adapters import aws
from recovery.adapters.items import Item
from recovery.settings import Settings
from recovery.wiring import Wiring
from tests.embedded.lender import Lender

HOME = ROOT / ".recovery" / "tests"  # apart from the one that a user may run
_LAST = "test_what_remains.py"
_INSTITUTIONS = 60


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks all tests here, keeps them on one worker, and looks at the logs last of all."""
    ours = [item for item in items if "/tests/embedded/" in item.path.as_posix()]
    for item in ours:
        item.add_marker(pytest.mark.embedded)
        item.add_marker(pytest.mark.xdist_group("embedded"))
    at = [items.index(item) for item in ours]
    ours.sort(key=lambda item: item.path.name == _LAST)
    for place, item in zip(at, ours, strict=True):
        items[place] = item


@pytest.fixture(scope="package")
def institutions() -> list[dict[str, str]]:
    """Enough for each test; their schedules will not fire while the tests run."""
    far = (datetime.now(UTC) + timedelta(hours=12)).strftime("%H:%M")
    names = ["default", *(f"lender-{number:02}" for number in range(1, _INSTITUTIONS))]
    return [
        {"institution_id": id, "name": "Casa Microcredit", "time_zone": "UTC", "review_at": far}
        for id in names
    ]


@pytest.fixture(scope="package")
def target(institutions: list[dict[str, str]]) -> Iterator[Target]:
    """The deployment on an embedded AWS with a home of its own, stopped at the end."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name, path in (
            (embedded_aws, "HOME", HOME),
            (embedded_aws, "LOG", HOME / "embedded.log"),
            (embedded_aws, "OUTPUTS", HOME / "outputs.json"),
            (embedded_aws, "_RECORD", HOME / "embedded.json"),
            (embedded_aws, "_STATE", HOME / "embedded"),
            (deployment, "HOME", HOME),
            (deployment, "LOG", HOME / "embedded.log"),
            (deployment, "OUTPUTS", HOME / "outputs.json"),
        ):
            patch.setattr(module, name, path)
        environment = dict(os.environ)
        embedded_aws.stop()  # what an earlier run may have left
        try:
            embedded = embedded_aws.start(port=any_free_port())
            context = {"institutions": institutions, "shards": 1}
            outputs = deployment.deploy(embedded=embedded, context=context)
            _forget_other_clients()
            yield _target(embedded, outputs, institutions)
        finally:
            embedded_aws.stop()
            os.environ.clear()
            os.environ.update(environment)
            _forget_other_clients()


def _target(
    embedded: embedded_aws.EmbeddedAws,
    outputs: dict[str, str],
    institutions: list[dict[str, str]],
) -> Target:
    target = Target(embedded, outputs)
    wiring = target.wiring
    known = {each["institution_id"]: each for each in institutions}
    settings = Settings(table=wiring.settings.table, shards=1, institutions=known)
    target.__dict__["wiring"] = Wiring(settings)
    return target


def _forget_other_clients() -> None:
    """Tests of adapters in this process talk to another AWS with the same clients."""
    import boto3

    aws._clients.clear()
    aws.session.cache_clear()
    Item._connection = None
    boto3.DEFAULT_SESSION = None


@pytest.fixture(scope="package")
def ids(institutions: list[dict[str, str]]) -> Iterator[str]:
    """Institutions not used yet, but the default one."""
    return iter([each["institution_id"] for each in institutions[1:]])


@pytest.fixture
def make_lender(target: Target, ids: Iterator[str], tmp_path) -> Callable[..., Lender]:
    """Institutions with loans and business dates of their own."""

    def make(**policy: Any) -> Lender:
        lender = Lender(target, next(ids), tmp_path, StreamWatch(target))
        lender.set_policy(**policy)
        return lender

    return make


@pytest.fixture
def lender(make_lender: Callable[..., Lender]) -> Lender:
    """An institution whose policy runs through all stages within days."""
    return make_lender()


@pytest.fixture
def plain_name(request: pytest.FixtureRequest) -> str:
    """The test's name, as far as names of AWS may go."""
    return re.sub(r"\W+", "-", request.node.name)[:40]
