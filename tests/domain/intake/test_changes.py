"""Too many new numbers or addresses at once wait for a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.intake.changes import ContactChanges, mass_change
from recovery.domain.intake.policy import IntakePolicy

POLICY = IntakePolicy()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (ContactChanges(known_people=1000, changed_phones=100), None),
        (ContactChanges(known_people=1000, changed_phones=101), "phone numbers of 101 of 1000"),
        (ContactChanges(known_people=1000, changed_addresses=101), "addresses of 101 of 1000"),
        (ContactChanges(known_people=19, changed_phones=19, changed_addresses=19), None),
        (ContactChanges(known_people=20, changed_phones=20), "phone numbers of 20 of 20"),
        (ContactChanges(known_people=9, people_on_one_phone=5), None),
        (ContactChanges(known_people=9, people_on_one_phone=6), "6 people one phone number"),
        (ContactChanges(known_people=9, people_on_one_address=6), "6 people one address"),
        (ContactChanges(known_people=0), None),
    ],
)
def test_a_mass_change_is_told_from_an_ordinary_day(changes, said) -> None:
    found = mass_change(changes, POLICY)
    if said is None:
        assert found is None
    else:
        (reason,) = found.reasons
        assert said in reason


def test_every_reason_is_given() -> None:
    changes = ContactChanges(
        known_people=100,
        changed_phones=50,
        changed_addresses=40,
        people_on_one_phone=30,
        people_on_one_address=20,
    )
    assert len(mass_change(changes, POLICY).reasons) == 4


PEOPLE = st.integers(0, 10_000)


@given(PEOPLE, PEOPLE, st.integers(0, 100), st.integers(1, 100))
def test_more_changes_never_pass_where_fewer_wait(known, changed, pct, least) -> None:
    policy = IntakePolicy(max_changed_pct=pct, mass_change_from_people=least)

    def waits(phones: int) -> bool:
        return mass_change(ContactChanges(known_people=known, changed_phones=phones), policy)

    if waits(changed):
        assert waits(changed + 1)
        assert changed >= least and changed > known * pct / 100
