"""The packs' section ``contact``: when, how often, on what basis and how a person is contacted.

A country's rule that nobody verified, or whose review is past, may narrow the careful default,
never widen it: then the two are taken together. An institution may be stricter, never looser.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Literal, get_args

from recovery.domain.contact.policy import ContactPolicy
from recovery.domain.shared.business_calendar import WEEKDAYS, Weekday
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import range_problems
from recovery.domain.shared.packs import Pack, Rule, in_force, may_permit, overlap_problems

Channel = Literal["email", "sms", "call", "visit"]
Written = Literal["email", "sms"]
Purpose = Literal["own_loan", "lesson"]
Basis = Literal["contract", "consent", "none"]
Counted = Literal["messages", "calls", "conversations", "visits"]
Conduct = Literal[
    "ask_why_unpaid",
    "speak_to_guarantors",
    "speak_to_others",
    "contact_at_work",
    "visit",
    "hide_the_number",
    "look_like_a_court",
]
Medium = Literal[
    "email",
    "sms",
    "certified_email",
    "certified_sms",
    "registered_letter",
    "burofax",
    "by_hand",
    "bailiff",
]
Ended = Literal["received", "refused", "uncollected"]
Said = Literal["opt_out", "registration_mark", "grievance_officer", "call_is_recorded"]

REMEMBERED_DAYS = 14  # how long a person's contacts are counted
_BASES: tuple[Basis, ...] = get_args(Basis)  # the later, the stricter


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursRule(Rule):
    """From when until when a person may be contacted, in their own time zone.

    ``weekdays`` () says nothing of days: the careful default's hold. On public holidays nobody is
    contacted unless ``holidays``.
    """

    channels: tuple[Channel, ...]
    from_time: time
    until_time: time
    weekdays: tuple[Weekday, ...] = ()
    holidays: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CapRule(Rule):
    """At most ``most`` of what is ``counted``, taken together, in ``days`` days to one person."""

    counted: tuple[Counted, ...]
    most: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BasisRule(Rule):
    """What a message of a purpose by a channel may rest on; "none": it may not be sent at all.

    ``own_loan`` is about the person's own loan. Whoever refused a channel is not reached by it,
    whatever the basis.
    """

    channels: tuple[Written, ...]
    purposes: tuple[Purpose, ...]
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class ConductRule(Rule):
    """Whether whoever contacts a person may do something.

    ``speak_to_others`` and ``speak_to_guarantors``: of the debt, to anyone but who owes it.
    """

    conduct: tuple[Conduct, ...]
    allowed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SayRule(Rule):
    """What must be said in each contact by one of the channels."""

    channels: tuple[Channel, ...]
    say: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvableRule(Rule):
    """Media that prove a notice, and how it may have ended there and still count as given."""

    media: tuple[Medium, ...]
    counts: tuple[Ended, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRules:
    """What one country's file holds."""

    hours: tuple[HoursRule, ...] = ()
    caps: tuple[CapRule, ...] = ()
    basis: tuple[BasisRule, ...] = ()
    conduct: tuple[ConductRule, ...] = ()
    say: tuple[SayRule, ...] = ()
    provable: tuple[ProvableRule, ...] = ()


ContactPack = Pack[ContactRules]


@dataclass(frozen=True, slots=True)
class Hours:
    """From ``start`` until before ``end``, local times of one day."""

    start: time
    end: time

    def within(self, other: Hours) -> Hours | None:
        """Return what both leave, None if nothing."""
        both = Hours(max(self.start, other.start), min(self.end, other.end))
        return both if both.start < both.end else None


def window(
    pack: ContactPack, channel: Channel, on: date, *, is_holiday: bool = False
) -> Hours | None:
    """Return the hours of this local day at which the law allows contact, None if at none."""

    def of_channel(rules: ContactRules) -> Iterator[HoursRule]:
        return (each for each in rules.hours if channel in each.channels)

    careful = in_force(of_channel(pack.careful), on)
    usual = _usual(careful, on, is_holiday)
    found = pack.in_force(of_channel, on)
    for rule in found:
        if not rule.weekdays and not _usual(careful, on, is_holiday=False):
            continue
        if rule.weekdays and WEEKDAYS[on.weekday()] not in rule.weekdays:
            continue
        if is_holiday and not rule.holidays:
            continue
        hours = Hours(rule.from_time, rule.until_time)
        if may_permit(rule, on):
            return hours
        return usual.within(hours) if usual else None
    return None


def _usual(careful: Iterable[HoursRule], on: date, is_holiday: bool) -> Hours | None:
    for rule in careful:
        if WEEKDAYS[on.weekday()] in rule.weekdays and (rule.holidays or not is_holiday):
            return Hours(rule.from_time, rule.until_time)
    return None


def narrowed(
    policy: ContactPolicy,
    pack: ContactPack,
    channel: Channel,
    on: date,
    *,
    is_holiday: bool = False,
) -> Hours | None:
    """Return the hours of this local day that really hold: the policy's, as far as the law goes."""
    lawful = window(pack, channel, on, is_holiday=is_holiday)
    if lawful is None or WEEKDAYS[on.weekday()] not in policy.weekdays:
        return None
    return lawful.within(Hours(policy.from_time, policy.until_time))


def caps(pack: ContactPack, counted: Counted, on: date) -> tuple[CapRule, ...]:
    """Return all caps that hold on this day: the country's and the careful ones.

    A careful one gives way to a verified one of the country over as many days or more.
    """

    def of_kind(rules: ContactRules) -> Iterator[CapRule]:
        return (each for each in rules.caps if counted in each.counted)

    own = legal_caps(pack, counted, on)
    longest = max((each.days for each in own if may_permit(each, on)), default=0)
    careful = in_force(of_kind(pack.careful), on)
    return (*own, *(each for each in careful if each.days > longest))


def legal_caps(pack: ContactPack, counted: Counted, on: date) -> tuple[CapRule, ...]:
    """Return the country's own caps, which hold even for what the law asks to be told."""
    own = in_force(pack.own.caps, on) if pack.own else ()
    return tuple(each for each in own if counted in each.counted)


def basis(pack: ContactPack, channel: Written, purpose: Purpose, on: date) -> Basis:
    """Return what a message may rest on; the strictest, if several rules hold."""

    def of_message(rules: ContactRules) -> Iterator[BasisRule]:
        return (
            each for each in rules.basis if channel in each.channels and purpose in each.purposes
        )

    found = pack.in_force(of_message, on)
    if not found or not all(may_permit(each, on) for each in found):
        found += in_force(of_message(pack.careful), on)
    return max((each.basis for each in found), key=_BASES.index, default="none")


def allowed(needed: Basis, consent: bool | None) -> bool:
    """Whether a message may go: ``consent`` None is unknown, which is no yes.

    Whoever said no is left alone, also where the contract would be enough.
    """
    if needed == "none" or consent is False:
        return False
    return needed == "contract" or consent is True


def may(pack: ContactPack, conduct: Conduct, on: date) -> bool:
    """Whether whoever contacts a person may do this; what no rule knows nobody may do."""

    def of_conduct(rules: ContactRules) -> Iterator[ConductRule]:
        return (each for each in rules.conduct if conduct in each.conduct)

    found = pack.in_force(of_conduct, on)
    if not all(may_permit(each, on) for each in found):
        found += in_force(of_conduct(pack.careful), on)
    return bool(found) and all(each.allowed for each in found)


def must_say(pack: ContactPack, channel: Channel, on: date) -> frozenset[Said]:
    """Return what must be said in each contact by this channel."""

    def of_channel(rules: ContactRules) -> Iterator[SayRule]:
        return (each for each in rules.say if channel in each.channels)

    both = (*pack.in_force(of_channel, on), *in_force(of_channel(pack.careful), on))
    return frozenset(said for each in both for said in each.say)


def proves(pack: ContactPack, medium: str, ended: str, on: date) -> bool:
    """Whether a notice that ended so by this medium was given. What no rule knows proves nothing.

    A country's rule that nobody verified, or whose review is past, permits no step against anybody:
    then the careful ones have to agree.
    """

    def of_ending(rules: ContactRules) -> Iterator[ProvableRule]:
        return (each for each in rules.provable if medium in each.media and ended in each.counts)

    careful = bool(in_force(of_ending(pack.careful), on))
    own = in_force(pack.own.provable, on) if pack.own else ()
    if not own:
        return careful
    found = in_force(of_ending(pack.own), on) if pack.own else ()
    return any(may_permit(each, on) or careful for each in found)


def contact_rule_problems(rules: ContactRules) -> Iterator[Problem]:
    """Yield every problem with the values of a section's rules."""
    for index, hours in enumerate(rules.hours):
        if hours.from_time.tzinfo or hours.until_time.tzinfo:
            reason = "must have no time zone: the person's applies"
            yield Problem(f"hours.{index}.from_time", reason, "Write only times, as 09:00:00")
        elif hours.from_time >= hours.until_time:
            reason = "must be before until_time"
            yield Problem(f"hours.{index}.from_time", reason, "Swap the two, or correct one")
    for index, cap in enumerate(rules.caps):
        yield from range_problems(f"caps.{index}.most", cap.most, 0, 100)
        yield from range_problems(f"caps.{index}.days", cap.days, 1, REMEMBERED_DAYS)
    for name, listed in (
        ("hours", "channels"),
        ("caps", "counted"),
        ("basis", "channels"),
        ("basis", "purposes"),
        ("conduct", "conduct"),
        ("say", "channels"),
        ("say", "say"),
        ("provable", "media"),
        ("provable", "counts"),
    ):
        for index, rule in enumerate(getattr(rules, name)):
            values = getattr(rule, listed)
            if not values or len(set(values)) < len(values):
                reason = "must name at least one, each once"
                yield Problem(f"{name}.{index}.{listed}", reason, "Name what the rule is about")
    found = [(f"hours.{index}", each) for index, each in enumerate(rules.hours)]
    yield from overlap_problems(found, _same_day, "the same channel and weekday")


def _same_day(one: HoursRule, other: HoursRule) -> bool:
    if one.id == other.id or not set(one.channels) & set(other.channels):
        return False
    return not one.weekdays or not other.weekdays or bool(set(one.weekdays) & set(other.weekdays))
