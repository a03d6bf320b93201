"""The chain of one loan's audit entries: each commits to what was put on record, and to the last.

A link commits to a salt with its content, never to the content alone: erasing both leaves nothing
to guess from, and the chain still holds. What a link says was recorded is a salted digest of each
record, so that a record changed later is named, too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Attest:
    """A record as it was stored: where it lies in the loan's records, and a digest of it."""

    source: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainEntry:
    """What a link tells: what was done, by whom, about what, and which records it left.

    ``by`` and ``about`` are ids; no personal data of the borrower's.
    """

    act: str = "recorded"
    by: str = ""
    about: str = ""
    records: tuple[Attest, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One entry of a chain; ``position`` counts from 1.

    ``previous`` is the ``seal`` of the link before. ``content`` and ``salt`` are None once erased.
    """

    position: int
    at: datetime
    previous: str
    commitment: str
    seal: str
    content: str | None = None
    salt: str | None = None

    @property
    def entry(self) -> ChainEntry | None:
        """What it tells; None once it is erased, or if it cannot be read."""
        try:
            told = json.loads(self.content or "")
            records = tuple(Attest(*each) for each in told.get("records", ()))
            return ChainEntry(act=told["act"], by=told["by"], about=told["about"], records=records)
        except (ValueError, TypeError, KeyError, AttributeError):
            return None


@dataclass(frozen=True, slots=True)
class Tampered:
    """What does not hold: the position in the chain, and why. ``source`` names the record."""

    position: int
    why: str
    source: str = ""


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def start_of(institution_id: str, loan_id: str) -> str:
    """Return what the first link follows, so that no chain passes for another loan's."""
    return digest_of(f"chain of {institution_id}/{loan_id}")


def salted(salt: str, digest: str) -> str:
    """Return the digest as a link tells it: without the salt nobody can guess the record."""
    return digest_of(f"{salt}|{digest}")[:40]


def next_link(head: Link | None, start: str, entry: ChainEntry, *, at: datetime, salt: str) -> Link:
    """Return the link that follows ``head``, or the first one."""
    content = json.dumps(
        {
            "act": entry.act,
            "by": entry.by,
            "about": entry.about,
            "records": [[each.source, salted(salt, each.digest)] for each in entry.records],
        },
        separators=(",", ":"),
        ensure_ascii=False,
    )
    position = head.position + 1 if head else 1
    previous = head.seal if head else start
    commitment = _commitment(salt, content)
    return Link(
        position=position,
        at=at,
        previous=previous,
        commitment=commitment,
        seal=_seal(previous, position, at, commitment),
        content=content,
        salt=salt,
    )


def chain_problems(links: Sequence[Link], start: str) -> Iterator[Tampered]:
    """Yield what does not hold in the chain, by position: links altered, gone, moved or put in.

    What was erased together with its salt holds.
    """
    before, expected = start, 1
    for index, link in enumerate(links):
        if link.position != expected:
            gone = expected < link.position
            last = link.position - 1
            places = f"entry {expected} is" if last == expected else f"{expected} to {last} are"
            yield Tampered(
                expected if gone else link.position,
                f"{places} gone" if gone else "the place is taken twice",
            )
        elif link.previous != before:
            if index and link.previous == links[index - 1].previous:
                yield Tampered(links[index - 1].position, "was put in: the next does not know it")
            elif index and _holds_alone(link):  # it was told another seal than is there now
                yield Tampered(links[index - 1].position, "was changed after the next followed it")
            else:
                yield Tampered(link.position, "does not follow the entry before it")
        yield from _problems_alone(link)
        before, expected = link.seal, link.position + 1


def _problems_alone(link: Link) -> Iterator[Tampered]:
    if link.seal != _seal(link.previous, link.position, link.at, link.commitment):
        yield Tampered(link.position, "place, moment or seal were changed")
    if (link.content is None) != (link.salt is None):
        yield Tampered(link.position, "text and salt are not erased together")
    elif (link.content is not None and link.salt is not None) and (
        link.commitment != _commitment(link.salt, link.content)
    ):
        yield Tampered(link.position, "what it tells was changed")


def _holds_alone(link: Link) -> bool:
    return not list(_problems_alone(link))


def attested(links: Iterable[Link]) -> dict[str, list[tuple[Link, str]]]:
    """Return each record that links tell of, with those links and what each says, in order."""
    found: dict[str, list[tuple[Link, str]]] = {}
    for link in links:
        entry = link.entry
        for each in entry.records if entry else ():
            found.setdefault(each.source, []).append((link, each.digest))
    return found


def is_timeline(source: str) -> bool:
    """Whether a record is one of the timeline, which may be kept for a shorter time."""
    return source[:1].isdigit()


def told_no_more(
    links: Sequence[Link], stored: Collection[str], expired: Collection[str]
) -> frozenset[str]:
    """Return the records of which only links tell whose text may go, as they prove nothing more.

    ``expired`` are those whose time was over just now. A link's text goes with the last record it
    tells of; but the end of a timeline entry takes no link that tells of other records: those are
    kept longer, so that one which is gone by then was taken by somebody.
    """
    left, gone = set[str](), set[str]()
    for link in links:
        entry = link.entry
        told = {each.source for each in entry.records} if entry else set[str]()
        longest = {each for each in told if not is_timeline(each)} or told
        ends = not told & {*stored} and bool(longest & {*expired})
        (gone if ends else left).update(told)
    return frozenset(gone - left)


def record_problems(
    links: Sequence[Link],
    stored: Mapping[str, str],
    *,
    never_changed: Iterable[str] = (),
    gone: Iterable[str] = (),
) -> Iterator[Tampered]:
    """Yield each record that is not as a link says, by the position of that link.

    ``stored`` are the digests of the records as they are now, by source. The last link about a
    record counts; of one in ``never_changed`` any, as two writers may have told of it. Those in
    ``gone`` were erased, or their time is over.
    """
    fixed, may_lack = frozenset(never_changed), frozenset(gone)
    for source, said in attested(links).items():
        digest, last = stored.get(source), said[-1][0]
        if digest is None:
            if source not in may_lack:
                yield Tampered(last.position, "the record is gone, and no erasure says so", source)
            continue
        count = said if source in fixed else said[-1:]
        if not any(link.salt and salted(link.salt, digest) == told for link, told in count):
            yield Tampered(last.position, "the record is not what was put on record", source)


def _commitment(salt: str, content: str) -> str:
    return digest_of(f"{salt}|{content}")


def _seal(previous: str, position: int, at: datetime, commitment: str) -> str:
    moment = at.isoformat(timespec="microseconds")
    return digest_of(f"{previous}|{position}|{moment}|{commitment}")
