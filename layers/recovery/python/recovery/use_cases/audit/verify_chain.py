"""Verify a loan's chain of audit entries, its records, and the roots under lock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

from recovery.domain.shared.chain import (
    Link,
    Tampered,
    attested,
    chain_problems,
    is_timeline,
    record_problems,
    start_of,
)
from recovery.domain.shared.daily_root import DailyRoot, proof_of, root_problems, tag_of
from recovery.ports.needs import HasChain, HasLoans, HasRoots

_AT_ONCE = 8


class VerifyingPorts(HasChain, HasRoots, HasLoans, Protocol):
    """The chain, the roots, and the loan's outboxes, which may still have to tell the chain."""


def verify_chain(
    institution_id: str, loan_id: str, timeline_from: date | None, ports: VerifyingPorts
) -> dict[str, Any]:
    """Return what holds and what does not, each by its position in the chain.

    ``timeline_from``: of what came on the timeline before this day the time may be over. Roots are
    read for every day on which the chain grew, and after its last entry, so that one cut off at the
    end shows.
    """
    links, stored = ports.chain.links(loan_id), ports.chain.records(loan_id)
    notes = frozenset(each for each in (*stored, *attested(links)) if is_timeline(each))
    over = [e for e in notes if timeline_from and e[:10] < timeline_from.isoformat()]
    problems = [*chain_problems(links, start_of(institution_id, loan_id))]
    problems += record_problems(links, stored, never_changed=notes, gone=over)
    roots, of_roots = _roots(institution_id, loan_id, links, ports)
    problems += of_roots
    waiting = {each.source for box in ports.loans.outboxes(loan_id) for each in box.records}
    known = attested(links)
    erased = [each.position for each in links if each.content is None]
    return {
        "entries": len(links),
        "first_at": links[0].at.isoformat() if links else None,
        "last_at": links[-1].at.isoformat() if links else None,
        "head": links[-1].seal if links else None,
        "holds": not problems,
        "problems": [_problem(each) for each in sorted(problems, key=lambda e: e.position)],
        "erased_entries": erased,
        "not_told_of": sorted(e for e in stored if e not in known and e not in waiting),
        "roots": roots,
    }


def _problem(found: Tampered) -> dict[str, Any]:
    named = {"record": found.source} if found.source else {}
    return {"position": found.position, **named, "why": found.why}


def _roots(
    institution_id: str, loan_id: str, links: Sequence[Link], ports: VerifyingPorts
) -> tuple[dict[str, Any], list[Tampered]]:
    """Compare the chain with each root that tells of it; prove that the last one does."""
    tag, problems, told = tag_of(institution_id, loan_id), list[Tampered](), list[DailyRoot]()
    seals = dict(ports.chain.seals(links[0].at.date() if links else None))
    grew = {each.at.date() for each in links}
    last = max(grew, default=None)
    days = [each for each in seals if each in grew or last is None or each > last]
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        found = list(threads.map(lambda day: _root(day, ports), days))
    for day, root in zip(days, found, strict=True):
        at = next((each.position for each in links if each.at.date() >= day), len(links))
        if root is None:
            problems.append(Tampered(at, f"the root of {day} is not under lock, or was changed"))
            continue
        if root.seal != seals[day]:
            problems.append(Tampered(at, f"the root of {day} is not the one that was noted"))
        problems += root_problems(tag, links, root)
        told += [root] if tag in root.chains else []
    unsealed = [each.position for each in links if not told or each.at.date() > told[-1].day]
    document = {
        "days_checked": len(days),
        "tell_of_it": [each.day.isoformat() for each in told],
        "not_under_a_root_yet": unsealed,
        "last": _proof(told[-1], tag) if told else None,
    }
    return document, problems


def _root(day: date, ports: VerifyingPorts) -> DailyRoot | None:
    try:
        return ports.roots.get(day)
    except ValueError:
        return None


def _proof(root: DailyRoot, tag: str) -> dict[str, Any]:
    tags = sorted(root.chains)
    index, leaves = tags.index(tag), [root.chains[each].leaf for each in tags]
    return {
        "day": root.day.isoformat(),
        "root": root.root,
        "position": root.chains[tag].position,
        "leaf": leaves[index],
        "index": index,
        "size": len(leaves),
        "proof": proof_of(leaves, index),
    }


def entries_until(links: Sequence[Link], day: date) -> Iterator[dict[str, Any]]:
    """Yield the entries until the end of a day (UTC), by position, without digests."""
    end = datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC)
    for link in links:
        if link.at >= end:
            continue
        entry = link.entry
        yield {
            "position": link.position,
            "at": link.at.isoformat(),
            "seal": link.seal,
            "act": entry.act if entry else "erased",
            "by": entry.by if entry else "",
            "about": entry.about if entry else "",
            "records": [each.source for each in entry.records] if entry else [],
        }
