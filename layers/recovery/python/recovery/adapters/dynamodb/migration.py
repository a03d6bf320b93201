"""Carry the items of 0.1.0 over to keys that begin with the institution.

There, a loan's partition was ``LOAN#<id>``, a payment's ``PAYMENT#<id>``, a timeline's
``TIMELINE#<loan id>`` and a person's ``BORROWER#<institution>/<id>``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from recovery.adapters import aws
from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.earlier import state_in_present_format
from recovery.domain.contact.addresses import normalised
from recovery.domain.outbox import Outbox, outbox_id

Raw = dict[str, dict[str, Any]]
_LAST = (keys.LOAN, keys.STATE)  # the others find their institution through the contract
_BORROWER = "BORROWER"
ORPHANS = "without a contract, left"
_OF_PERSON = ("version", "recent_contacts")


def migrate(
    table: str, shards: int, progress: Callable[[str], object] = lambda kind: None
) -> Counter[str]:
    """Move every item of before, and return how many of each kind were moved.

    Safe to repeat after an interruption: an item is written under its new key, then deleted under
    its old one, and contract and state move only after everything that needs them. What an import
    left without a contract stays where it is, and is counted. Addresses of before, which nobody
    could be found by, are listed.
    """
    moved: Counter[str] = Counter()
    institutions = {
        each["pk"]["S"].partition("#")[2]: each["institution_id"]["S"]
        for each in _scan(table)
        if each["sk"]["S"] in _LAST and "institution_id" in each
    }
    for is_last in (False, True):
        for item in _scan(table):
            if not _is_old(item) or (item["sk"]["S"] in _LAST) != is_last:
                continue
            if _is_orphan(item, institutions):
                moved[ORPHANS] += 1
                continue
            for new in renewed(item, institutions, shards):
                _put(table, new)
            key = {name: item[name] for name in ("pk", "sk")}
            aws.client("dynamodb").delete_item(TableName=table, Key=key)
            kind = item["pk"]["S"].partition("#")[0]
            moved[kind] += 1
            progress(kind)
    for item in _scan(table):
        for address in _addresses(item):
            if _list_address(table, item, address):
                moved[keys.ADDRESS] += 1
    return moved


def _addresses(item: Raw) -> Iterator[str]:
    """Yield the addresses of a person's details."""
    if item["sk"]["S"] == keys.CONTACT and item["pk"]["S"].startswith(f"{keys.CONTACT}#"):
        for name in ("email", "phone"):
            if address := item.get(name, {}).get("S"):
                yield address


def _list_address(table: str, item: Raw, address: str) -> bool:
    """Let the person be found by the address; return whether they could not be before."""
    institution_id, person_id = keys.parts(item["pk"]["S"])
    pk, client = keys.address_key(institution_id, normalised(address)), aws.client("dynamodb")
    try:
        client.update_item(
            TableName=table,
            Key={"pk": {"S": pk}, "sk": {"S": keys.ADDRESS}},
            UpdateExpression="ADD people :them",
            ConditionExpression="NOT contains(people, :id)",
            ExpressionAttributeValues={":them": {"SS": [person_id]}, ":id": {"S": person_id}},
        )
    except client.exceptions.ConditionalCheckFailedException:
        return False
    return True


def renewed(item: Raw, institutions: Mapping[str, str], shards: int) -> Iterator[Raw]:
    """Yield the items that replace this one. ``institutions`` maps loan ids."""
    kind, _, identifier = item["pk"]["S"].partition("#")
    if kind == _BORROWER:
        institution_id, _, borrower_id = identifier.partition("/")
        yield from _person(item, institution_id, borrower_id)
        return
    loan_id = item["loan_id"]["S"] if kind == keys.PAYMENT else identifier
    institution_id = institutions[loan_id]
    pk = {"S": keys.partition(kind, institution_id, identifier)}
    if item["sk"]["S"] == keys.LOAN:
        yield from _contract({**item, "pk": pk}, institution_id, loan_id, shards)
    elif item["sk"]["S"] == keys.STATE:
        yield _state({**item, "pk": pk}, institution_id, loan_id, shards)
    elif item["sk"]["S"].startswith(keys.key(keys.PAYMENT, "")):
        yield {**item, "pk": pk, **_listed_by_day(item, institution_id)}
    else:
        yield {**item, "pk": pk}


def _listed_by_day(payment: Raw, institution_id: str) -> Raw:
    value_date = date.fromisoformat(payment["value_date"]["S"])
    return {
        "listed_in": {"S": keys.day_list(institution_id, value_date)},
        "listed_by": {"S": keys.identifier(payment["sk"]["S"])},
    }


def _is_old(item: Raw) -> bool:
    kind, _, rest = item["pk"]["S"].partition("#")
    if kind == _BORROWER:
        return True
    return kind in (keys.LOAN, keys.PAYMENT, keys.TIMELINE) and "#" not in rest


def _is_orphan(item: Raw, institutions: Mapping[str, str]) -> bool:
    """Whether the item belongs to a loan that was never added."""
    kind, _, identifier = item["pk"]["S"].partition("#")
    loan_id = item["loan_id"]["S"] if kind == keys.PAYMENT else identifier
    return kind != _BORROWER and loan_id not in institutions


def _contract(item: Raw, institution_id: str, loan_id: str, shards: int) -> Iterator[Raw]:
    borrower_id = item["borrower_id"]["S"].removeprefix(f"{institution_id}/")
    shard = keys.shard_of(loan_id, shards)
    contract = {name: value for name, value in item.items() if name != "institution_id"}
    yield {
        **contract,
        "borrower_id": {"S": borrower_id},
        "listed_in": {"S": keys.list_key(keys.LOANS, institution_id, shard)},
        "listed_by": {"S": loan_id},
    }
    yield {
        "pk": {"S": keys.partition(keys.PERSON, institution_id, borrower_id)},
        "sk": {"S": keys.key(keys.LOAN, loan_id)},
    }


def _state(item: Raw, institution_id: str, loan_id: str, shards: int) -> Raw:
    """Rewrite the state in the present format; what its last review decided is sent again."""
    plain = {name: next(iter(typed.values())) for name, typed in item.items()}
    fields = state_in_present_format(plain)
    kept = ("pk", "sk", "due_shard", "needs_review")
    state: Raw = {name: item[name] for name in kept if name in item}
    for name in ("format", "version"):
        state[name] = {"N": str(fields[name])}
    for name in ("accounting", "monitoring", "cases", "contact", "next_review_on"):
        if fields.get(name) is not None:
            state[name] = {"S": fields[name]}
    waiting = _waiting(plain.get("outbox"), int(fields["version"]))
    state["outbox"] = {"M": {}}
    if waiting and not waiting.is_empty:
        shard = keys.shard_of(loan_id, shards)
        state["outbox"] = {"M": {waiting.outbox_id: {"S": codec.outbox_to_json(waiting)}}}
        state["listed_in"] = {"S": keys.list_key(keys.OUTBOX, institution_id, shard)}
        state["listed_by"] = {"S": waiting.as_of.isoformat()}
    return state


def _waiting(text: str | None, version: int) -> Outbox | None:
    if not text:
        return None
    before = json.loads(text)
    kept = ("as_of", "policy_version", "signal", "timeline")
    found = {name: before[name] for name in kept if name in before}
    return codec.outbox_from_json(json.dumps({"outbox_id": outbox_id(version), **found}))


def _person(item: Raw, institution_id: str, borrower_id: str) -> Iterator[Raw]:
    person = {"S": keys.partition(keys.PERSON, institution_id, borrower_id)}
    if item["sk"]["S"] != _BORROWER:
        message_id = keys.identifier(item["sk"]["S"])
        yield {**item, "pk": person, "sk": {"S": keys.key(keys.MESSAGE, message_id)}}
        return
    of_person = {name: item[name] for name in _OF_PERSON if name in item}
    yield {"pk": person, "sk": {"S": keys.PERSON}, **of_person}
    contact = {"S": keys.partition(keys.CONTACT, institution_id, borrower_id)}
    details = {name: item[name] for name in item if name not in (*_OF_PERSON, "pk", "sk")}
    yield {"pk": contact, "sk": {"S": keys.CONTACT}, **details}


def _put(table: str, item: Raw) -> None:
    """Write the item unless it is there: the system may have changed it since."""
    client = aws.client("dynamodb")
    with suppress(client.exceptions.ConditionalCheckFailedException):
        client.put_item(TableName=table, Item=item, ConditionExpression="attribute_not_exists(pk)")


def _scan(table: str) -> Iterator[Raw]:
    pages = aws.client("dynamodb").get_paginator("scan")
    for page in pages.paginate(TableName=table, ConsistentRead=True):
        yield from page["Items"]
