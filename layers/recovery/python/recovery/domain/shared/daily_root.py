"""The root of a day: one hash over the heads of all chains that grew, kept under lock.

Whoever rewrites a chain has to change a root too. A root lists each chain by a hash of its loan's
id, with the position that it had reached; its tree is RFC 6962's, so that a short proof shows that
one chain is under it without telling of any other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from recovery.domain.shared.chain import Link, Tampered, digest_of

_LEAF, _NODE = b"\x00", b"\x01"


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a chain had grown: its last position that day, and the leaf that says so."""

    position: int
    leaf: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyRoot:
    """One institution's root of a day (UTC); ``previous`` is the seal of the root before."""

    institution_id: str
    day: date
    previous: str
    chains: Mapping[str, Reached]

    @property
    def root(self) -> str:
        """The root of the tree over the leaves, in the order of the chains' tags."""
        return root_of([self.chains[tag].leaf for tag in sorted(self.chains)])

    @property
    def seal(self) -> str:
        """What the next root follows."""
        return digest_of(f"{self.institution_id}|{self.day}|{self.previous}|{self.root}")


def tag_of(institution_id: str, loan_id: str) -> str:
    """Return the name of a chain in the roots, which tells nobody which loan it is."""
    return digest_of(f"root of {institution_id}/{loan_id}")[:32]


def reached(tag: str, head: Link) -> Reached:
    """Return how far the chain has grown."""
    return Reached(head.position, digest_of(f"{tag}|{head.position}|{head.seal}"))


def root_problems(tag: str, links: Sequence[Link], root: DailyRoot) -> list[Tampered]:
    """Return what in the chain is not as the root says; [] also if it tells nothing of it."""
    said = root.chains.get(tag)
    if said is None:
        return []
    link = next((each for each in links if each.position == said.position), None)
    if link is None:
        last = links[-1].position if links else 0
        why = f"the root of {root.day} has {said.position} entries: what came after is gone"
        return [Tampered(last + 1, why)]
    if reached(tag, link).leaf != said.leaf:
        return [Tampered(link.position, f"it is not the entry that the root of {root.day} has")]
    return []


def root_of(leaves: Sequence[str]) -> str:
    """Return the root over these leaves, in hexadecimal (RFC 6962, 2.1)."""
    return _tree([each.encode() for each in leaves]).hex()


def proof_of(leaves: Sequence[str], index: int) -> list[str]:
    """Return the hashes that lead from one leaf to the root (RFC 6962, 2.1.1)."""
    return [each.hex() for each in _path([each.encode() for each in leaves], index)]


def is_under(leaf: str, index: int, size: int, proof: Sequence[str], root: str) -> bool:
    """Whether the proof leads from this leaf, one of ``size``, to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, _hash(_LEAF, leaf.encode())
    for each in map(bytes.fromhex, proof):
        if last == 0:
            return False
        if place % 2 or place == last:
            found = _hash(_NODE, each, found)
            while not place % 2 and place:
                place, last = place >> 1, last >> 1
        else:
            found = _hash(_NODE, found, each)
        place, last = place >> 1, last >> 1
    return last == 0 and found.hex() == root


def root_to_json(root: DailyRoot) -> str:
    """Return the text that is kept under lock."""
    return json.dumps(
        {
            "institution_id": root.institution_id,
            "day": root.day.isoformat(),
            "previous": root.previous,
            "root": root.root,
            "seal": root.seal,
            "chains": {tag: [e.position, e.leaf] for tag, e in sorted(root.chains.items())},
        },
        separators=(",", ":"),
    )


def root_from_json(text: str) -> DailyRoot:
    """Reverse ``root_to_json``. Raises ValueError if the text does not hold together."""
    told = json.loads(text)
    root = DailyRoot(
        institution_id=told["institution_id"],
        day=date.fromisoformat(told["day"]),
        previous=told["previous"],
        chains={tag: Reached(*each) for tag, each in told["chains"].items()},
    )
    if (root.root, root.seal) != (told["root"], told["seal"]):
        raise ValueError(f"the root of {root.day} does not hold together")
    return root


def _tree(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return _hash(_LEAF, leaves[0])
    half = _half(len(leaves))
    return _hash(_NODE, _tree(leaves[:half]), _tree(leaves[half:]))


def _path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    if len(leaves) <= 1:
        return []
    half = _half(len(leaves))
    if index < half:
        return [*_path(leaves[:half], index), _tree(leaves[half:])]
    return [*_path(leaves[half:], index - half), _tree(leaves[:half])]


def _half(size: int) -> int:
    """Return the largest power of two below the size."""
    return 1 << ((size - 1).bit_length() - 1)


def _hash(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()
