"""Entries of CloudWatch Logs, as a subscription delivers them."""

from __future__ import annotations

import gzip
import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import Any


def logged_texts(event: Mapping[str, Any]) -> Iterator[str]:
    """Yield the entries in an event of a log's subscription; none of any other event."""
    packed = event.get("awslogs", {}).get("data")
    if packed is None:
        return
    delivered = json.loads(gzip.decompress(b64decode(packed)))
    if delivered["messageType"] == "DATA_MESSAGE":
        yield from (each["message"] for each in delivered["logEvents"])
