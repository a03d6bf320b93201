"""A root holds down every chain that grew, and a short proof shows that one is under it."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.shared.chain import Link
from recovery.domain.shared.daily_root import (
    DailyRoot,
    is_under,
    proof_of,
    reached,
    root_from_json,
    root_of,
    root_problems,
    root_to_json,
    tag_of,
)
from tests.domain.shared.test_chain import a_chain

DAY = date(2026, 2, 2)
TAG = tag_of("umoja", "L-1")


def a_root(chain: list[Link], *, previous: str = "") -> DailyRoot:
    others = {tag_of("umoja", f"L-{n}"): reached(f"L-{n}", chain[0]) for n in range(2, 7)}
    chains = {**others, TAG: reached(TAG, chain[-1])}
    return DailyRoot(institution_id="umoja", day=DAY, previous=previous, chains=chains)


def test_a_chain_that_went_on_is_as_the_root_says() -> None:
    chain = a_chain(6)
    assert root_problems(TAG, chain, a_root(chain[:4])) == []


def test_entries_cut_off_at_the_end_are_named() -> None:
    chain = a_chain(6)
    [found] = root_problems(TAG, chain[:3], a_root(chain))
    assert found.position == 4
    [found] = root_problems(TAG, [], a_root(chain))
    assert found.position == 1


def test_a_chain_written_anew_is_named() -> None:
    chain, other = a_chain(6), a_chain(6, start="another start")
    [found] = root_problems(TAG, other, a_root(chain))
    assert found.position == 6


def test_a_root_tells_nothing_of_a_loan_that_rested() -> None:
    assert root_problems(tag_of("umoja", "L-99"), a_chain(2), a_root(a_chain(2))) == []


@given(st.lists(st.text(min_size=1), min_size=1, max_size=40, unique=True), st.data())
def test_the_proof_of_each_leaf_leads_to_the_root_and_of_no_other(leaves, data) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    root, proof = root_of(leaves), proof_of(leaves, index)
    assert is_under(leaves[index], index, len(leaves), proof, root)
    assert not is_under(leaves[index] + "x", index, len(leaves), proof, root)
    assert not is_under(leaves[index], index + len(leaves), len(leaves), proof, root)
    if len(leaves) > 1:
        assert not is_under(leaves[index], index, len(leaves), proof[:-1], root)


def test_the_root_is_that_of_rfc_6962() -> None:
    """The tree of seven leaves of RFC 6962, 2.1.3, built by hand."""
    import hashlib

    def leaf(text: str) -> bytes:
        return hashlib.sha256(b"\x00" + text.encode()).digest()

    def node(left: bytes, right: bytes) -> bytes:
        return hashlib.sha256(b"\x01" + left + right).digest()

    a, b, c, d, e, f, j = (leaf(f"d{n}") for n in range(7))
    left = node(node(a, b), node(c, d))
    assert root_of([f"d{n}" for n in range(7)]) == node(left, node(node(e, f), j)).hex()


def test_a_root_comes_back_from_its_text_and_a_changed_one_does_not() -> None:
    root = a_root(a_chain(2), previous="before")
    assert root_from_json(root_to_json(root)) == root
    told = json.loads(root_to_json(root))
    told["chains"][TAG][0] = 1
    told["chains"][TAG][1] = "0" * 64
    with pytest.raises(ValueError, match="does not hold together"):
        root_from_json(json.dumps(told))


def test_the_seal_follows_the_root_before() -> None:
    chain = a_chain(2)
    assert a_root(chain, previous="one").seal != a_root(chain, previous="other").seal
