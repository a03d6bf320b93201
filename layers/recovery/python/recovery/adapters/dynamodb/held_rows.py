"""Restraints as they stay with a loan's state, in few bytes: a review reads them each time.

A restraint is a row of its fields, without those at the end that have their default; what it blocks
is a word with a letter for each, or a list of names if one is not known here. A letter is never
given to anything else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from recovery.documents.shared.plain import from_plain, from_row, to_row
from recovery.domain.agreements.restraints import Block, Restraint

_LETTERS = {
    Block.REMINDERS: "r",
    Block.ARREARS: "a",
    Block.THANKS: "t",
    Block.NOTICES: "n",
    Block.EDUCATION: "d",
    Block.ANSWERS: "w",
    Block.CALLS: "c",
    Block.LATE_CHARGES: "l",
    Block.ESCALATION: "e",
    Block.JUDICIAL: "j",
    Block.BUREAU: "b",
}
_BLOCKS = {letter: block.value for block, letter in _LETTERS.items()}
_KNOWN = frozenset(_LETTERS)
_NAMES = Restraint.__slots__
_ALWAYS = _NAMES.index("reason_code") + 1
_BLOCKS_AT = _NAMES.index("blocks")
_USUAL = to_row(Restraint("", None, None, frozenset(), ""))  # type: ignore[arg-type]


def held_to_json(restraints: Iterable[Restraint]) -> str | None:
    """Encode as a list of rows; None if there are none."""
    rows = [_row(each) for each in restraints]
    return json.dumps(rows, separators=(",", ":"), ensure_ascii=False) if rows else None


def held_from_json(text: str | None) -> tuple[Restraint, ...]:
    """Reverse ``held_to_json``. Reads objects too, as states had before format 4."""
    read = []
    for each in json.loads(text or "[]"):
        if isinstance(each, dict):
            found = from_plain(Restraint, each)
            read.append(replace(found, blocks=frozenset(found.blocks)))
            continue
        named = each[_BLOCKS_AT]
        if isinstance(named, str):
            each[_BLOCKS_AT] = [_BLOCKS.get(letter, letter) for letter in named]
        found = from_row(Restraint, each)
        read.append(replace(found, blocks=frozenset(found.blocks)))
    return tuple(read)


def _row(restraint: Restraint) -> list[object]:
    row = to_row(restraint)
    if restraint.blocks <= _KNOWN:
        row[_BLOCKS_AT] = "".join(sorted(_LETTERS[Block(each)] for each in restraint.blocks))
    while row[-1] == _USUAL[len(row) - 1] and len(row) > _ALWAYS:
        row.pop()
    return row
