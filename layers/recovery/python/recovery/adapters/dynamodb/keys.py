"""Build and parse the keys of the single table. Free of AWS imports.

Every partition is one institution's: ``KIND#<institution>#<id>``. Functions are let in by the kind,
so what only some may see has a kind of its own:

- LOAN / LOAN, STATE, PAYMENT#<id>, FACT#<id>, OWNER#<from>#<id>, PARTY#<person id>,
  COLLATERAL#<id>, CASE#<id>, REPAIR#<case id>, DECISION#<id>, DOSSIER#<decision id>, HELD,
  YES#<offer id>#<code id>, WRITTEN#<agreement id>#<person id>,
  PREACTION#<letter id>#<person id>: the contract, its state, facts, owners by date, parties,
  security and cases, what was decided on, codes that say yes, letters about agreements and before
  court. What is between FACT and PAYMENT is read with the facts
- PERSON / PERSON, LOAN#<loan id>, MESSAGE#<message id>, FACT#<id>, HELD, OUTBOX#<id>, CAPACITY:
  restraints, loans that the person owes or is a party of, what was said when, what the person
  answered, what is to be carried out, what the person can repay
- PERSON / PERSON, LOAN#<loan id>, MESSAGE#<message id>, REPLY#<id>, FACT#<id>, HELD, OUTBOX#<id>:
  restraints, loans that the person owes or is a party of, what was said when, what they replied, by
  kind alone, what they answered, what is to be carried out
- PERSON / REQUEST#<id>, LEGAL_HOLD#<id>, AUDIT#<moment>#<act>#<any>: the person's requests about
  what is held, legal holds, who did or saw what of it
- GROUP / GROUP#<from on>, SHEET#<id>: a group's members from a day on, its collection sheets
- CONTACT / CONTACT, CHANGE#<date>#<version>: name and addresses, and what they were before
- NOTE / NOTE#<id>, ASSESSMENT#<id>: sensitive notes and what households told of their money,
  encrypted; one function may touch them
- CONTACT / ADDRESS, by ``address:`` and the hash of an address: the people who have it
- NOTE / NOTE#<id>: sensitive notes, encrypted; one function may touch them
- PAYMENT / PAYMENT: makes a payment's id unique in its institution, and finds its money
- SUSPENSE / SUSPENSE: money in suspense, by payment id
- TASK / TASK, by task id, and TASK#<task id>, by the person it is about: tasks for people
- TIMELINE / <date>#<kind>#<key>, by loan
- CHAIN / <position>, by loan: audit entries, each after the one before it; <loan id>, by
  ``on:<day>:<part>``: the loans whose chain grew that day; <day>, by ``roots:``: each day's root
- INSTITUTION#<id> / INSTITUTION, POLICY#<effective from>#<version>, ACTOR#<id>, RELIEF#<id>
- INSTITUTIONS / <id>: the list of institutions
- DELIVERIES#<institution> / SOURCE#<source>, CONTACTS#<delivery>: the last delivery of each system
  that sends files, and contact changes that wait, or waited, for a person
- EXPERIMENT#<institution>#* / EXPERIMENT#<id>: experiments; EXPERIMENT / ARM#<name>,
  SUBJECT#<person id>, LOOK#<date>#<person id>: its counters, who is in it, who is looked at when
- SENT#*#<provider id> / SENT: the text message that a provider's id stands for. Its news name no
  institution, so this partition is nobody's: it holds ids alone, and is only ever read by its key
"""

from __future__ import annotations

import hashlib
import zlib
from datetime import date

LOAN = "LOAN"
STATE = "STATE"
PAYMENT = "PAYMENT"
FACT = "FACT"
PARTY = "PARTY"
COLLATERAL = "COLLATERAL"
GROUP, SHEET = "GROUP", "SHEET"
OWNER = "OWNER"
CASE = "CASE"
DECISION = "DECISION"
DOSSIER = "DOSSIER"
REPAIR = "REPAIR"
PERSON = "PERSON"
CONTACT = "CONTACT"
ADDRESS = "ADDRESS"
NOTE = "NOTE"
CHANGE = "CHANGE"
MESSAGE, REPLY, SENT = "MESSAGE", "REPLY", "SENT"
ANY = "*"  # an institution that nobody named
ASSESSMENT, CAPACITY = "ASSESSMENT", "CAPACITY"
YES, WRITTEN, PRE_ACTION = "YES", "WRITTEN", "PREACTION"
REQUEST, LEGAL_HOLD, AUDIT = "REQUEST", "LEGAL_HOLD", "AUDIT"
INSTITUTION = "INSTITUTION"
INSTITUTIONS = "INSTITUTIONS"
ACTOR = "ACTOR"
POLICY = "POLICY"
RELIEF = "RELIEF"
TIMELINE = "TIMELINE"
CHAIN = "CHAIN"
DELIVERIES = "DELIVERIES"
SOURCE = "SOURCE"
HELD_CONTACTS = "CONTACTS"
SUSPENSE = "SUSPENSE"
HELD, PEOPLE, COMPLAINTS = "HELD", "PEOPLE", "COMPLAINTS"
TASK = "TASK"
EXPERIMENT, ARM, SUBJECT, LOOK = "EXPERIMENT", "ARM", "SUBJECT", "LOOK"
LOANS, OUTBOX, REPAIRS = "LOANS", "OUTBOX", "REPAIRS"
PAYMENTS, DECISIONS, TASKS, CASES = "PAYMENTS", "DECISIONS", "TASKS", "CASES"
OPEN, ENDED = "open", "ended"


def partition(kind: str, institution_id: str, identifier: str) -> str:
    """Build a partition key: ``partition("LOAN", "casa", "L-1") == "LOAN#casa#L-1"``."""
    return f"{kind}#{institution_id}#{identifier}"


def parts(partition_key: str) -> tuple[str, str]:
    """Return institution and id: ``parts("LOAN#casa#L-1") == ("casa", "L-1")``.

    Raises ValueError for a key of another shape.
    """
    _, institution_id, identifier = partition_key.split("#", 2)
    return institution_id, identifier


def address_digest(institution_id: str, address: str) -> str:
    """Return a hash of a normalised address, so that no key, which logs show, has it in plain.

    It is no secret: whoever may read it may read the address beside it.
    """
    return hashlib.sha256(f"{institution_id} {address}".encode()).hexdigest()[:32]


def address_key(institution_id: str, address: str) -> str:
    """Build the partition key of a normalised address."""
    return partition(CONTACT, institution_id, f"address:{address_digest(institution_id, address)}")


def institution_key(institution_id: str) -> str:
    """Build the partition key of an institution."""
    return f"{INSTITUTION}#{institution_id}"


def deliveries_key(institution_id: str) -> str:
    """Build the partition key of an institution's deliveries."""
    return f"{DELIVERIES}#{institution_id}"


def key(kind: str, identifier: str) -> str:
    """Build a sort key: ``key("PAYMENT", "P-1") == "PAYMENT#P-1"``."""
    return f"{kind}#{identifier}"


def identifier(sort_key: str) -> str:
    """Return the part after the kind: ``identifier("PAYMENT#P-1") == "P-1"``."""
    return sort_key.partition("#")[2]


def shard_of(loan_id: str, shards: int) -> int:
    """Return the loan's shard for due reviews; stable across processes and releases."""
    return zlib.crc32(loan_id.encode()) % shards


def list_key(name: str, institution_id: str, part: int | str) -> str:
    """Return the partition of a list in the index of lists, by shard or by kind.

    LOANS has every contract, by id; OUTBOX the states of which something is not carried out yet and
    REPAIRS the cases that wait for repair, both by date; all three by shard. SUSPENSE has the money
    in suspense, by value date, PEOPLE those of whom something is not carried out yet, by date, HELD
    the people and loans that something holds back, by since when, and COMPLAINTS every complaint by
    its day, each in one shard. DECISIONS has the few questions that wait for people, by kind and
    the moment they were asked. TASKS has the open tasks by deadline, roles and id, and those that
    ended unannounced by date and id. CASES has the open cases of each
    stage by since when they are in it, and loan. An item is on one list at most.
    """
    return f"{name}#{institution_id}#{part}"


def day_list(institution_id: str, value_date: date) -> str:
    """Return the partition of a value date's payments, by id, in the index of lists."""
    return f"{PAYMENTS}#{institution_id}#{value_date}"


def shard_key(institution_id: str, shard: int) -> str:
    """Return the partition of an institution's shard in the index of due reviews."""
    return f"{institution_id}#{shard}"


def owner_key(on: date, record_id: str) -> str:
    """Build a key that sorts by the first day on which a change of owner has an effect."""
    return f"{OWNER}#{on}#{record_id}"


def change_key(on: date, version: int) -> str:
    """Build a key that sorts by date, then by the person's version after the change."""
    return f"{CHANGE}#{on}#{version:08}"


def policy_key(effective_from: date, version: int) -> str:
    """Build a key that sorts by effective date, then version."""
    return f"{POLICY}#{effective_from}#{version:05}"


def last_policy_key(as_of: date) -> str:
    """Build a key that sorts after every policy in force at ``as_of``, before every later one."""
    return f"{POLICY}#{as_of}#~"
