"""The keys of the one table, written and read in one place. Free of AWS imports.

pk, sk: LOAN#<id> / LOAN, STATE, PAYMENT#<id>, CASE#<id> · PAYMENT#<id> / PAYMENT ·
TIMELINE#<loan id> / <date>#<kind>#<key> · BORROWER#<id> / BORROWER, CONTACT#<message id> ·
INSTITUTION#<id> / INSTITUTION, POLICY#<effective from>#<version>.
"""

from __future__ import annotations

import hashlib
import zlib
from datetime import date

from recovery.domain.outbox import TimelineEntry

LOAN = "LOAN"
STATE = "STATE"
PAYMENT = "PAYMENT"
CASE = "CASE"
BORROWER = "BORROWER"
CONTACT = "CONTACT"
INSTITUTION = "INSTITUTION"
POLICY = "POLICY"
TIMELINE = "TIMELINE"


def key(kind: str, identifier: str) -> str:
    """``key("LOAN", "L-1") == "LOAN#L-1"``."""
    return f"{kind}#{identifier}"


def identifier(text: str) -> str:
    """What follows the kind: ``identifier("LOAN#L-1") == "L-1"``."""
    return text.partition("#")[2]


def shard_of(loan_id: str, shards: int) -> int:
    """The shard that finds this loan when its review is due; stable over processes and releases."""
    return zlib.crc32(loan_id.encode()) % shards


def due_shard(institution_id: str, shard: int) -> str:
    """The partition of the index of due loans."""
    return f"{institution_id}#{shard}"


def timeline_key(entry: TimelineEntry) -> str:
    """In the order of dates; the same entry has the same key, so that it is there once."""
    last = entry.key or hashlib.sha256(entry.text.encode()).hexdigest()[:12]
    return f"{entry.on}#{entry.kind}#{last}"


def policy_key(effective_from: date, version: int) -> str:
    """In the order of effective dates, then of versions."""
    return f"{POLICY}#{effective_from}#{version:05}"


def last_policy_key(as_of: date) -> str:
    """Sorts after every policy in force at ``as_of``, before every later one."""
    return f"{POLICY}#{as_of}#~"
