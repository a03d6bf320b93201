"""The contact rules in words: for whoever contacts a person, and for whoever writes a policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import get_args

from recovery.domain.contact.contact_rules import (
    Conduct,
    ContactPack,
    Hours,
    Written,
    caps,
    legal_caps,
    may,
    must_say,
    window,
)
from recovery.domain.contact.policy import ContactPolicy
from recovery.domain.shared.business_calendar import WEEKDAYS
from recovery.domain.shared.packs import Pack

_NOT_ALLOWED: Mapping[Conduct, str] = {
    "ask_why_unpaid": "Do not ask why it is unpaid: offer what can be done.",
    "visit": "No visits: the law asks for the person's express consent.",
}


def law_to_respect(pack: ContactPack, on: date) -> Iterator[str]:
    """Yield what the country's law asks of whoever contacts a person, beyond the careful default.

    One sentence each.
    """
    careful = Pack(None, pack.careful)
    for conduct, sentence in _NOT_ALLOWED.items():
        if may(careful, conduct, on) and not may(pack, conduct, on):
            yield sentence
    if "call_is_recorded" in must_say(pack, "call", on):
        yield "Say at the start that the call is recorded."


def lawful_nowhere(
    policy: ContactPolicy, packs: Mapping[str, ContactPack], on: date
) -> Iterator[str]:
    """Yield each way in which a policy is wider than every law in these packs, as a sentence."""
    week = [date.fromordinal(on.toordinal() - on.weekday() + number) for number in range(7)]
    hours = [
        found
        for pack in packs.values()
        for day in week
        for channel in get_args(Written)
        if (found := window(pack, channel, day))
    ]
    first, last = min(each.start for each in hours), max(each.end for each in hours)
    if policy.from_time < first:
        yield f"from_time {policy.from_time:%H:%M} is before {first:%H:%M}"
    if policy.until_time > last:
        yield f"until_time {policy.until_time:%H:%M} is after {last:%H:%M}"
    counted = [legal_caps(pack, "messages", on) for pack in packs.values()]
    # a law that counts no messages forbids to harass: more than the widest count is that anywhere
    most = max(
        (min(cap.most * 7 / cap.days for cap in each) for each in counted if each), default=7
    )
    if policy.max_messages_per_week > most:
        yield f"max_messages_per_week {policy.max_messages_per_week} is more than {most:.0f}"


def unwise(policy: ContactPolicy, careful: ContactPack, on: date) -> Iterator[str]:
    """Yield each way in which a policy is wider than the careful default, as a sentence.

    It may be lawful: the law of the person's place still narrows it.
    """
    days: dict[str, Hours | None] = {}
    for number in range(7):
        day = date.fromordinal(on.toordinal() - on.weekday() + number)
        days[WEEKDAYS[number]] = window(careful, "email", day)
    if wider := [each for each in policy.weekdays if days[each] is None]:
        yield f"weekdays names {', '.join(wider)}, on which the careful default leaves people alone"
    hours = next(each for each in days.values() if each)
    if policy.from_time < hours.start:
        yield f"from_time {policy.from_time:%H:%M} is before the careful {hours.start:%H:%M}"
    if policy.until_time > hours.end:
        yield f"until_time {policy.until_time:%H:%M} is after the careful {hours.end:%H:%M}"
    for cap in caps(careful, "messages", on):
        if policy.max_messages_per_week * cap.days > cap.most * 7:
            yield (
                f"max_messages_per_week {policy.max_messages_per_week} is more than the careful"
                f" {cap.most} in {cap.days} days"
            )
