"""Experiments as items of the table.

EXPERIMENT#<institution>#* has each as a JSON text; EXPERIMENT#<institution>#<id> has its counters
by arm, and the people in it, of whom those still to be looked at are listed by day.
"""

from __future__ import annotations

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from recovery.adapters.dynamodb.items import ExpiringItem, Item


class ExperimentItem(Item):
    """An experiment as a JSON text; its id is in the key."""

    document = UnicodeAttribute()
    version = NumberAttribute()


class ArmItem(Item):
    """An arm's counters; those of outcomes are added as they happen first."""

    enrolled = NumberAttribute(null=True)
    looked = NumberAttribute(null=True)
    on_time_next_instalment = NumberAttribute(null=True)
    cure = NumberAttribute(null=True)
    re_default = NumberAttribute(null=True)
    complaint = NumberAttribute(null=True)
    opt_out = NumberAttribute(null=True)


class SubjectItem(ExpiringItem):
    """How a person came in, as a JSON text; their id is in the key."""

    document = UnicodeAttribute()


class LookItem(ExpiringItem):
    """A person still to be looked at, as a JSON text; the day and their id are in the key."""

    document = UnicodeAttribute()
