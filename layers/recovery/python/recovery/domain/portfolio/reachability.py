"""How many borrowers can be reached: a figure of its own, as silence may be ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.gate import channels, must_be_neutral
from recovery.domain.contact.places import Limits


@dataclass(frozen=True, slots=True)
class Reachability:
    """People with an open loan: how many can be written to by some channel and by each, how many
    of them about their loan (at a private, confirmed address), how many by nothing but paper or in
    person, and how many addresses are dead."""

    people: int
    by_some: int
    openly: int
    by_channel: dict[str, int]
    dead: dict[str, int]

    def share(self, count: int) -> Fraction:
        """Return this share of the people; 0 of nobody."""
        return Fraction(count, self.people) if self.people else Fraction(0)


def reachability(people: Iterable[tuple[Borrower, Limits]], on: date) -> Reachability:
    """Count each person once, with the limits that hold for them."""
    count, by_some, openly = 0, 0, 0
    by_channel, dead = Counter[str](), Counter[str]()
    for person, limits in people:
        left = list(channels(limits, person, on)) if limits.places else []
        count += 1
        by_some += bool(left)
        openly += any(not must_be_neutral(limits, person, each, on) for each in left)
        by_channel.update(left)
        dead.update(each for each in ("email", "sms") if person.dead_since(each))
    each_one = ("email", "sms")
    return Reachability(
        people=count,
        by_some=by_some,
        openly=openly,
        by_channel={each: by_channel[each] for each in each_one},
        dead={each: dead[each] for each in each_one},
    )
