"""The one botocore session, and its clients: each made when first used, then kept.

A session costs 60 to 80 ms of cold start and a client in it 3 to 20, so nobody makes their own.
Region, endpoint and credentials come from the environment, as botocore reads them.
"""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterable

ATTEMPTS = 5
CONNECT_SECONDS = 2
READ_SECONDS = 10

_lock = Lock()
_clients: dict[str, Any] = {}


class PartialFailureError(Exception):
    """A service took part of a batch only; sending all of it again is safe."""

    def __init__(self, service: str, failures: Iterable[tuple[str, str]]) -> None:
        """Each failure is (which entry, error code): no content, which may be private."""
        refused = "; ".join(f"{which}: {code}" for which, code in failures)
        super().__init__(f"{service} refused part of a batch: {refused}")


@cache
def session() -> botocore.session.Session:
    """The session that every client shares, pynamodb's too."""
    return botocore.session.get_session()


def client(service: str) -> Any:
    """The client of this service; throttling is retried in standard mode and then raised."""
    with _lock:  # botocore's client creation is not thread safe
        if service not in _clients:
            config = Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            )
            _clients[service] = session().create_client(service, config=config)
        return _clients[service]
