"""The rules of policy and packs that had a part in what a person heard on a day, or did not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from recovery.documents.packs.reading import careful_people_pack, people_pack
from recovery.domain.agreements.restraints import Block, Restraint, in_force
from recovery.domain.contact.borrower import Borrower, Contact
from recovery.domain.contact.choose import purpose_of
from recovery.domain.contact.contact_rules import caps
from recovery.domain.contact.gate import channels, contact_hours, is_neutral
from recovery.domain.contact.places import Limits
from recovery.domain.contact.plan import rule_key
from recovery.domain.contact.policy import MessageRule
from recovery.domain.contact.who_hears import needs_reminder, quiet_until
from recovery.domain.loan_state import LoanState
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.policy import Policy
from recovery.domain.shared.in_words import days_in_words
from recovery.messages import language_with_text
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.contact.kind_said import kind_said

_DEMANDS = (Block.ARREARS, Block.NOTICES)
_SPEAKING = (Block.ARREARS, Block.REMINDERS)


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that had a part in it: where it is written, what it meant, and its source in law."""

    rule: str
    words: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """The day as it was known: the loan, the person, and what had been said before."""

    on: date
    policy: Policy
    stored: StoredLoan
    standing: Standing
    person: Borrower
    limits: Limits
    restraints: tuple[Restraint, ...]
    before: dict[str, Contact]

    @property
    def state(self) -> LoanState:
        return self.stored.state

    @property
    def loan_id(self) -> str:
        return self.stored.loan.loan_id


def reasons_of(day: Day, said: dict[str, Contact]) -> Iterator[Reason]:
    """Yield every rule that had a part in what was said that day, or was not."""
    for message_id in said:
        loan_id, key, about = message_id.split("/")
        if loan_id == day.loan_id:
            yield Reason(_place_of(key, day.policy), f"said that day, about {about}")
        else:
            words = f"one message at a time: that day it was about {loan_id}"
            yield Reason("one person, one message", words)
    yield from _plan(day)
    yield from _held(day)
    yield from _rests(day)
    yield from _unreachable(day)


def _place_of(key: str, policy: Policy) -> str:
    for index, rule in enumerate(policy.contact.messages):
        if rule_key(rule) == key.partition("@")[0]:
            return f"policy.contact.messages.{index}"
    return "an answer or a kind word"


def _plan(day: Day) -> Iterator[Reason]:
    """Say what the plan had for the day."""
    standing, messages = day.standing, day.policy.contact.messages
    if standing.outstanding.total == 0:
        yield Reason("policy.contact.messages", "nothing was owed")
    elif standing.days_delinquent:
        late = days_in_words(standing.days_past_due)
        rules = [
            (each.days_past_due, index)
            for index, each in enumerate(messages)
            if each.days_past_due is not None and each.days_past_due <= standing.days_past_due
        ]
        if not rules:
            yield Reason("policy.contact.messages", f"{late} past due: no message is planned yet")
            return
        index = max(rules)[1]
        yield from _planned(
            day, messages[index], index, f"{late} past due", standing.oldest_due_date
        )
    elif standing.days_past_due:
        words = f"{days_in_words(standing.days_past_due)} past due, within the grace days"
        yield Reason("policy.monitoring.grace_days", words)
    elif standing.next_due_date:
        yield from _before_due(day, standing.next_due_date)


def _before_due(day: Day, due_date: date) -> Iterator[Reason]:
    days = (due_date - day.on).days
    rules = [
        (each.days_before_due, index)
        for index, each in enumerate(day.policy.contact.messages)
        if each.days_before_due is not None and each.days_before_due >= days
    ]
    ahead = f"the next instalment is due on {due_date}"
    everybody = day.policy.contact.remind == "everybody"
    if not rules:
        yield Reason("policy.contact.messages", f"{ahead}: too early for a reminder")
    elif not everybody and not needs_reminder(day.stored.loan, day.state.position, day.on):
        words = f"{ahead}, and who pays on time hears nothing about a usual one"
        yield Reason("policy.contact.remind", words)
    else:
        index = min(rules)[1]
        rule = day.policy.contact.messages[index]
        yield from _planned(day, rule, index, ahead, due_date)


def _planned(
    day: Day, rule: MessageRule, index: int, why: str, about: date | None
) -> Iterator[Reason]:
    """Say which message was due, and whether it had been said before."""
    place, kind = f"policy.contact.messages.{index}", rule.kind.replace("_", " ")
    start = f"{day.loan_id}/{rule_key(rule)}"
    told = [
        each.contacted_on
        for key, each in day.before.items()
        if key.startswith(start) and key.endswith(f"/{about}")
    ]
    if told:
        yield Reason(place, f"{why}: {kind} was said on {max(told)} already")
    else:
        yield Reason(place, f"{why}: {kind} was planned")


def _held(day: Day) -> Iterator[Reason]:
    """Name what held back messages about arrears or reminders."""
    law = day.stored.loan.profile.law
    pack = people_pack(law) if law else careful_people_pack()
    for each in in_force(day.restraints, day.on):
        blocked = each.blocked() & {block.value for block in _SPEAKING}
        if not blocked:
            continue
        rules = pack.in_force(lambda section: section.restraints, day.on)
        found = next((rule for rule in rules if rule.kind == each.kind), None)
        rule = found.id if found else f"policy.agreements, {each.kind}"
        words = f"held back: {each.in_words()}"
        yield Reason(rule, words, found.source if found else "")


def _rests(day: Day) -> Iterator[Reason]:
    """Say whether it was quiet after a payment, or rested after a demand."""
    contact = day.policy.contact
    quiet = quiet_until(day.stored.loan, day.state.position, contact.quiet_days)
    if day.standing.days_past_due and quiet and day.on < quiet:
        paid_on = day.state.position.last_value_date
        words = f"money came on {paid_on}: nothing is said of arrears until {quiet}"
        yield Reason("policy.contact.quiet_days", words)
    demanded = [
        each.contacted_on
        for key, each in day.before.items()
        if key.startswith(f"{day.loan_id}/") and purpose_of(kind_said(key, each)) in _DEMANDS
    ]
    if demanded and day.standing.days_past_due:
        rests = max(demanded) + timedelta(days=contact.days_between_demands)
        if day.on < rests:
            words = f"arrears were spoken of on {max(demanded)}: they rest until {rests}"
            yield Reason("policy.contact.days_between_demands", words)


def _unreachable(day: Day) -> Iterator[Reason]:
    """Say why the person could not be written to that day, with the rule of pack or policy."""
    person, limits, on = day.person, day.limits, day.on
    if language_with_text((person.language, person.second_language)) is None:
        yield Reason("language", f"no text in {person.language}, nor in a second language named")
    if not limits.places:
        yield Reason("place", limits.unknown)
        return
    channel = next(channels(limits, person, on), None)
    if channel is None:
        words = "no address with a lawful basis that the person left open"
        yield Reason(_ids_of(day, "basis"), words)
        return
    if is_neutral(person, channel):
        yield Reason("privacy", f"others may see what comes by {channel}: only a neutral word goes")
    if contact_hours(limits, person, on, channel) is None:
        yield Reason(*_closed(day))
    yield from _full(day)


def _closed(day: Day) -> tuple[str, str]:
    what = "a public holiday" if day.on in day.limits.places[0].holidays else f"{day.on:%A}"
    rule = f"policy.contact.weekdays, {_ids_of(day, 'hours')}"
    return rule, f"{what}: no hour is open by policy, law and what the person asked for"


def _full(day: Day) -> Iterator[Reason]:
    contact = day.policy.contact
    limits = [("policy.contact.max_messages_per_week", contact.max_messages_per_week, 7, "")]
    for place in day.limits.places:
        for rule in caps(place.pack, "messages", day.on):
            limits.append((rule.id, rule.most, rule.days, rule.source))
    for name, most, days, source in limits:
        since = day.on - timedelta(days=days)
        count = sum(since < each < day.on for each in day.person.recent_contacts)
        if count >= most:
            words = f"{count} of at most {most} messages had gone in {days_in_words(days)}"
            yield Reason(name, words, source)


def _ids_of(day: Day, name: str) -> str:
    """Return the ids of the rules in force on a subject, such as hours, wherever they may be."""
    found: list[str] = []
    for place in day.limits.places:
        rules = place.pack.in_force(lambda section: getattr(section, name), day.on)
        found += (each.id for each in rules)
    return ", ".join(dict.fromkeys(found))
