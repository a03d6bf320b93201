"""What an approval is bound to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.fact import Recorded
from recovery.domain.judicial.dossier import Dossier, hash_of, hash_of_record, is_of, shown
from tests.builders import a_payment

DOSSIER = Dossier(
    dossier_id="L-1-C1#4-judicial_approval",
    loan_id="L-1",
    case_id="L-1-C1",
    as_of=date(2026, 6, 1),
    record_hash="0" * 64,
    contents={"claim": {"total": "500.00"}, "facts": {"due": "2026-01-01"}},
)


def test_the_hash_changes_with_every_part_and_with_what_was_rendered() -> None:
    others = (
        replace(DOSSIER, contents={**DOSSIER.contents, "claim": {"total": "500.01"}}),
        replace(DOSSIER, record_hash="1" * 64),
        replace(DOSSIER, as_of=date(2026, 6, 2)),
        replace(DOSSIER, documents={"dossier.pdf": "2" * 64}),
    )
    assert len({DOSSIER.hash, *(each.hash for each in others)}) == 5


def test_the_order_of_parts_and_of_fields_does_not_matter() -> None:
    turned = dict(reversed(DOSSIER.contents.items()))
    assert replace(DOSSIER, contents=turned).hash == DOSSIER.hash
    assert hash_of({"a": 1, "b": [2]}) == hash_of({"b": [2], "a": 1})


@given(st.integers(0, 64))
def test_a_beginning_names_it_only_if_it_is_as_long_as_shown(length: int) -> None:
    assert is_of(DOSSIER.hash, DOSSIER.hash[:length]) is (length >= len(shown(DOSSIER.hash)))


def test_every_payment_and_what_becomes_of_it_changes_the_record() -> None:
    one = a_payment()
    reversed_later = replace(one, reversed_on=date(2026, 3, 1))
    hashes = {
        hash_of_record(Recorded(payments))
        for payments in ((), (one,), (reversed_later,), (one, a_payment("P-2")))
    }
    assert len(hashes) == 4
    turned = (a_payment("P-2"), one)
    assert hash_of_record(Recorded(turned)) == hash_of_record(Recorded(turned[::-1]))
