"""Let go of what the time to keep a loan's records has taken: what the chain told of them, letters.

DynamoDB erases the items themselves. Nothing but the end of their time brings this about: whoever
deletes an item leaves a chain that says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from recovery.domain.agreements.kept_letter import KeptLetter
from recovery.domain.shared.chain import told_no_more
from recovery.ports.needs import HasChain, HasLetters

BY, WHY = "retention", "the time to keep it is over"


class ForgettingPorts(HasChain, HasLetters, Protocol):
    """The chain of a loan, and the letters about it."""


def forget_expired(
    loan_id: str, sources: Collection[str], letters: Iterable[KeptLetter], ports: ForgettingPorts
) -> int:
    """Erase what links tell of records whose time was over; return how many links that were.

    A link goes once the last record that it tells of is gone: until then it proves the others. The
    ``letters`` are those whose record was erased; each file goes with its lock. Idempotent.
    """
    for each in letters:
        ports.letter_files.let_go(each)
    stored = ports.chain.records(loan_id)
    gone = told_no_more(ports.chain.links(loan_id), stored, sources)
    return ports.chain.erase(loan_id, gone, BY, WHY) if gone else 0
