"""A DynamoDB stub: botocore builds, signs and parses everything, but no socket is opened.

The stub costs next to nothing, so a benchmark measures the client's own CPU.
"""

from __future__ import annotations

import io
import json
import re
import zlib
from copy import deepcopy
from typing import Any

from botocore.awsrequest import AWSResponse

Key = tuple[str, str]


class StubTable:
    """Keeps the items that are put; answers batch reads with a prepared response."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.items: dict[Key, dict[str, Any]] = {}
        self.put: list[dict[str, Any]] = []
        self.keeps = True
        self._batch = b"{}"

    def listen(self, client: Any) -> None:
        """Intercept this client's requests from now on."""
        client.meta.events.register_first("before-send.dynamodb", self._answer)

    def leave(self, client: Any) -> None:
        client.meta.events.unregister("before-send.dynamodb", self._answer)

    def prepare(self) -> None:
        """Answer every batch read with all loans' items from now on."""
        loans = [item for (pk, _), item in self.items.items() if pk.startswith("LOAN#")]
        response = {"Responses": {self.name: loans}, "UnprocessedKeys": {}}
        self._batch = json.dumps(response).encode()

    def _answer(self, request: Any, **_: Any) -> AWSResponse:
        operation = request.headers["X-Amz-Target"].decode().rpartition(".")[2]
        if operation == "BatchGetItem":
            return _response(request.url, self._batch)
        if operation == "UpdateItem" and self.keeps:
            self._update(json.loads(request.body))
        elif self.keeps:
            self._keep(json.loads(request.body))
        return _response(request.url, b"{}")

    def _update(self, body: dict[str, Any]) -> None:
        """Apply the SET and REMOVE of attributes and of map entries that our code sends."""
        key = body["Key"]
        item = deepcopy(self.items.get((key["pk"]["S"], key["sk"]["S"]), key))
        names, values = body["ExpressionAttributeNames"], body["ExpressionAttributeValues"]
        expression = body["UpdateExpression"]
        sets = re.search(r"SET (.*?)(?= REMOVE |$)", expression)
        removes = re.search(r"REMOVE (.*?)(?= SET |$)", expression)
        set_to = re.sub(r"if_not_exists \(#\d+, (:\d+)\)", r"\1", sets[1] if sets else "")
        for each in filter(None, set_to.split(", ")):
            path, _, value = each.partition(" = ")
            *within, name = [names[part] for part in path.split(".")]
            target = item
            for part in within:
                target = target.setdefault(part, {"M": {}})["M"]
            target[name] = values[value]
        for path in removes[1].split(", ") if removes else ():
            item.pop(names[path], None)
        self.items[item["pk"]["S"], item["sk"]["S"]] = item
        self.put.append(item)

    def _keep(self, body: dict[str, Any]) -> None:
        transacted = [each["Put"] for each in body.get("TransactItems", ())]
        for each in transacted or [body]:
            item = each["Item"]
            self.items[item["pk"]["S"], item["sk"]["S"]] = item
            self.put.append(item)


def _typed_size(kind: str, value: Any) -> int:
    if kind == "M":
        return 3 + sum(1 + len(name) + _value_bytes(each) for name, each in value.items())
    size = {"S": lambda v: len(v.encode()), "N": lambda v: len(v) // 2 + 2}
    return size.get(kind, lambda v: 1)(value)


def _value_bytes(typed: dict[str, Any]) -> int:
    [(kind, value)] = typed.items()
    return _typed_size(kind, value)


def item_bytes(item: dict[str, Any], *, without: str = "") -> int:
    """Return the size DynamoDB bills: names and values; numbers at two digits a byte plus one."""
    total = 0
    for name, typed in item.items():
        if name != without:
            total += len(name) + _value_bytes(typed)
    return total


class _Raw(io.BytesIO):
    def stream(self, **_: Any) -> list[bytes]:
        return [self.read()]


def _response(url: str, body: bytes) -> AWSResponse:
    headers = {
        "content-type": "application/x-amz-json-1.0",
        "content-length": str(len(body)),
        "x-amzn-requestid": "STUB",
        "x-amz-crc32": str(zlib.crc32(body)),
    }
    return AWSResponse(url, 200, headers, _Raw(body))
