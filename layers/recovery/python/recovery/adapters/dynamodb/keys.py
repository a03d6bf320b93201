"""Build and parse the keys of the single table. Free of AWS imports.

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
    """Build a key: ``key("LOAN", "L-1") == "LOAN#L-1"``."""
    return f"{kind}#{identifier}"


def identifier(text: str) -> str:
    """Return the part after the kind: ``identifier("LOAN#L-1") == "L-1"``."""
    return text.partition("#")[2]


def shard_of(loan_id: str, shards: int) -> int:
    """Return the loan's shard for due reviews; stable across processes and releases."""
    return zlib.crc32(loan_id.encode()) % shards


def due_shard(institution_id: str, shard: int) -> str:
    """Return the partition in the index of due loans."""
    return f"{institution_id}#{shard}"


def timeline_key(entry: TimelineEntry) -> str:
    """Build a key that sorts by date; equal entries get equal keys, which avoids duplicates."""
    last = entry.key or hashlib.sha256(entry.text.encode()).hexdigest()[:12]
    return f"{entry.on}#{entry.kind}#{last}"


def policy_key(effective_from: date, version: int) -> str:
    """Build a key that sorts by effective date, then version."""
    return f"{POLICY}#{effective_from}#{version:05}"


def last_policy_key(as_of: date) -> str:
    """Build a key that sorts after every policy in force at ``as_of``, before every later one."""
    return f"{POLICY}#{as_of}#~"
