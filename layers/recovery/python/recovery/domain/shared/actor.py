"""Who decides: a person or a service, with the roles that say what they may do."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from recovery.domain.shared.errors import Problem
from recovery.domain.shared.free_text import free_text_problems

LONGEST_ID, LONGEST_NAME = 128, 80
# Letters and marks that nobody sees: with them, one name passes for two.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u3164\uffa0")

PORTFOLIO_IMPORT = "portfolio-import"  # the id of who records what a delivery tells


class Role(StrEnum):
    """What an actor may do; ``trained`` may talk to people in hardship."""

    ADVISOR = "advisor"
    SUPERVISOR = "supervisor"
    TRAINED = "trained"
    LEGAL = "legal"
    AUDITOR = "auditor"
    SERVICE = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Whoever decides, as the caller's identity says.

    ``typed``: the name was typed by hand, which only the embedded AWS allows; it proves nothing.
    Roles are plain text, so that an entry with a role that no longer exists can still be read; an
    unknown role allows nothing.
    """

    id: str
    name: str
    roles: frozenset[str] = frozenset()
    typed: bool = False

    def may(self, *roles: Role) -> bool:
        """Whether the actor has any of these roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def is_person(self) -> bool:
        """Whether this is a person; whoever acts as a service is not, whatever else it may."""
        return Role.SERVICE not in self.roles

    def in_words(self) -> str:
        """Return what others may read: the name alone, without id and roles."""
        if not self.is_person:
            return "the system"
        name = " ".join(self.name.split())
        return f"{name} (name typed by hand)" if self.typed else name


def same_person(one: Actor, other: Actor) -> bool:
    """Whether two actors may be one person; in doubt, yes.

    Ids decide, whatever their case. A typed name proves nothing, so one that reads like the other's
    name is the same person too.
    """
    if _same_id(one.id) == _same_id(other.id):
        return True
    return (one.typed or other.typed) and as_read(one.name) == as_read(other.name)


def has_name(actor: Actor, name: str) -> bool:
    """Whether the actor's name reads like this one."""
    return as_read(actor.name) == as_read(name)


def actor_problems(actor: Actor) -> Iterator[Problem]:
    """Yield everything wrong with the actor; nothing if it may go on record."""
    yield from free_text_problems("id", actor.id, LONGEST_ID)
    yield from free_text_problems("name", actor.name, LONGEST_NAME)
    if not as_read(actor.name) and actor.name.strip():
        yield Problem("name", "has no letter or digit", "Write the person's name")
    if not actor.roles:
        yield Problem("roles", "are missing", "Give the actor at least one role", "missing")
    unknown = sorted(actor.roles - set(Role))
    if unknown:
        reason = f"has unknown roles: {', '.join(unknown)}"
        yield Problem("roles", reason, f"Use some of: {', '.join(Role)}")
    if not actor.is_person and (len(actor.roles) > 1 or actor.typed):
        reason = "says service for what is also a person"
        yield Problem("roles", reason, "Give a service no other role and no typed name")


def _same_id(identifier: str) -> str:
    return _folded(identifier).strip()


def as_read(name: str) -> str:
    """Reduce a name to the letters, marks and digits that a reader compares."""
    return "".join(each for each in _folded(name) if unicodedata.category(each)[0] in "LMN")


def _folded(text: str) -> str:
    compared = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(each for each in compared if not _is_invisible(each))


def _is_invisible(character: str) -> bool:
    """Whether it takes no room: format characters, fillers, variation selectors."""
    return (
        unicodedata.category(character) == "Cf"
        or character in _INVISIBLE
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
    )
