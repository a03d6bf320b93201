"""Where a person may be, and what may be done there: every plausible place has to allow it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from recovery.domain.contact.contact_rules import (
    CapRule,
    Channel,
    ContactPack,
    Counted,
    Hours,
    Purpose,
    Said,
    Written,
    allowed,
    basis,
    caps,
    legal_caps,
    must_say,
    narrowed,
    proves,
)
from recovery.domain.contact.policy import ContactPolicy

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Place:
    """A country where a person may be: its rules, the zones they may be in, public holidays."""

    pack: ContactPack
    zones: tuple[tzinfo, ...]
    holidays: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds for contact with one person.

    ``places`` has the one on record first; whoever has none is not contacted, for the reason
    ``unknown``.
    """

    policy: ContactPolicy
    places: tuple[Place, ...]
    unknown: str = "the country or the time zone of the borrower is not known"

    def may_rest_on(
        self, channel: Written, purpose: Purpose, consent: bool | None, on: date
    ) -> bool:
        """Whether a message of this purpose has a basis in every place."""
        needed = (basis(each.pack, channel, purpose, on) for each in self.places)
        return all(allowed(each, consent) for each in needed)

    def proves(self, medium: str, ended: str, on: date) -> bool:
        """Whether a notice that ended so by this medium was given by the law of the person's place,
        the first: where else they may be is a guess."""
        return bool(self.places) and proves(self.places[0].pack, medium, ended, on)

    def message_caps(self, on: date, *, legal_only: bool = False) -> Iterator[tuple[int, int]]:
        """Yield how many messages are allowed in how many days; all of them hold.

        ``legal_only``: without the institution's own limit and the careful default, which are not
        for what the law asks to be told.
        """
        if legal_only:
            yield from self._caps(legal_caps, "messages", on)
        else:
            yield self.policy.max_messages_per_week, 7
            yield from self.caps("messages", on)

    def caps(self, counted: Counted, on: date) -> Iterator[tuple[int, int]]:
        """Yield how many of what is ``counted`` the law of each place allows in how many days."""
        yield from self._caps(caps, counted, on)

    def _caps(
        self,
        find: Callable[[ContactPack, Counted, date], tuple[CapRule, ...]],
        counted: Counted,
        on: date,
    ) -> Iterator[tuple[int, int]]:
        for each in self.places:
            for rule in find(each.pack, counted, on):
                yield rule.most, rule.days

    def must_say(self, channel: Channel, on: date) -> frozenset[Said]:
        """Return what the law of any place asks each contact by this channel to say."""
        found = (must_say(each.pack, channel, on) for each in self.places)
        return frozenset().union(*found)

    def open_on(
        self, channel: Channel, day: date, own: Hours | None = None
    ) -> tuple[datetime, datetime] | None:
        """Return from and until when contact is allowed in every place, None if never.

        ``day`` is a local day of the first place, ``own`` are the hours there that the person asked
        for. Both times are in its zone. Of several spans the first counts.
        """
        if not self.places:
            return None
        first, *others = self.places
        zone = first.zones[0]
        hours = self._hours(first, channel, day)
        if hours and own:
            hours = hours.within(own)
        span = _span(day, hours, zone) if hours else None
        for place in others:
            for other in place.zones:
                if span is None:
                    return None
                span = self._both(span, place, other, channel, day)
        return (span[0].astimezone(zone), span[1].astimezone(zone)) if span else None

    def _both(
        self,
        span: tuple[datetime, datetime],
        place: Place,
        zone: tzinfo,
        channel: Channel,
        day: date,
    ) -> tuple[datetime, datetime] | None:
        """Return what is left of a span in another zone, whose days begin at other times."""
        for local_day in (day - _DAY, day, day + _DAY):
            hours = self._hours(place, channel, local_day)
            if hours is None:
                continue
            start, end = _span(local_day, hours, zone)
            both = max(start, span[0]), min(end, span[1])
            if both[0] < both[1]:
                return both
        return None

    def _hours(self, place: Place, channel: Channel, day: date) -> Hours | None:
        is_holiday = day in place.holidays
        return narrowed(self.policy, place.pack, channel, day, is_holiday=is_holiday)


def _span(day: date, hours: Hours, zone: tzinfo) -> tuple[datetime, datetime]:
    start = datetime.combine(day, hours.start, zone)
    return start.astimezone(UTC), datetime.combine(day, hours.end, zone).astimezone(UTC)
