"""Who else may see what is sent to an address, and what may be taken from there."""

from __future__ import annotations

from typing import Literal, get_args

Privacy = Literal["private", "shared", "unsafe"]
PRIVACIES: tuple[Privacy, ...] = get_args(Privacy)  # the later, the more careful
_LETS_GO = frozenset({"stop", "stop_lessons", "wrong_number"})


def others_may_see(privacy: str | None) -> bool:
    """Whether somebody else may read what is sent there: only a neutral word may go.

    None is an address of which nobody said anything. It counts as the person's own: nothing is sent
    there without their consent to it, which they gave with the address.
    """
    return privacy not in (None, "private")


def more_careful(one: Privacy | None, other: Privacy | None) -> Privacy | None:
    """Return what is safe whichever of the two is true."""
    said = [each for each in (one, other) if each]
    return max(said, key=PRIVACIES.index, default=None)


def may_answer(privacy: str | None, what: str) -> bool:
    """Whether an answer such as ``promise`` may be taken from an address of this privacy.

    Whoever else answers there may stop us, and say that the number is wrong. Whatever binds the
    person or tells of them they say themselves.
    """
    return what in _LETS_GO or not others_may_see(privacy)
