"""Who decides, and when two of them are one person."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.documents.shared.plain import from_plain, to_plain
from recovery.domain.shared.actor import Actor, Role, actor_problems, same_person
from tests.builders import fields

ANA = Actor(id="ana.torres", name="Ana Torres", roles=frozenset({Role.SUPERVISOR}))
SERVICE = Actor(id="review", name="Review", roles=frozenset({Role.SERVICE}))


def test_an_actor_may_only_what_a_role_allows() -> None:
    assert ANA.may(Role.SUPERVISOR)
    assert ANA.may(Role.LEGAL, Role.SUPERVISOR)
    assert not ANA.may(Role.LEGAL)
    assert not ANA.may()
    assert not replace(ANA, roles=frozenset()).may(*Role)


def test_a_role_that_is_unknown_today_allows_nothing() -> None:
    retired = replace(ANA, roles=frozenset({"collector"}))
    assert not retired.may(*Role)
    assert retired.is_person
    assert fields(actor_problems(retired)) == {"roles"}


def test_the_words_name_a_person_and_nothing_else() -> None:
    assert replace(ANA, name="  Ana   Torres ").in_words() == "Ana Torres"
    assert replace(ANA, typed=True).in_words() == "Ana Torres (name typed by hand)"
    assert SERVICE.in_words() == "the system"


@given(st.text(min_size=1), st.sets(st.sampled_from(Role)))
def test_the_words_never_show_an_id_or_a_role(identifier, roles) -> None:
    words = Actor(id=identifier, name="Q", roles=frozenset(roles)).in_words()
    assert words in ("Q", "the system")


def test_a_sound_actor_has_no_problems() -> None:
    assert not fields(actor_problems(ANA))
    assert not fields(actor_problems(SERVICE))
    assert not fields(actor_problems(replace(ANA, typed=True)))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": " "}, "id"),
        ({"id": "a" * 129}, "id"),
        ({"name": ""}, "name"),
        ({"name": "Ana\nTorres"}, "name"),
        ({"name": "Ana \u202eTorres"}, "name"),
        ({"name": "a" * 81}, "name"),
        ({"name": "\u3164 -"}, "name"),
        ({"roles": frozenset()}, "roles"),
        ({"roles": frozenset({Role.SERVICE, Role.LEGAL})}, "roles"),
        ({"roles": frozenset({Role.SERVICE}), "typed": True}, "roles"),
    ],
)
def test_what_may_not_go_on_record_is_refused_by_field(changes, field) -> None:
    assert fields(actor_problems(replace(ANA, **changes))) == {field}


@pytest.mark.parametrize("other", ["ANA.TORRES", " ana.torres ", "ana.\u200btorres", "ana.torreſ"])
def test_one_id_is_one_person_however_it_is_written(other) -> None:
    assert same_person(ANA, replace(ANA, id=other, name="Somebody Else"))


@pytest.mark.parametrize(
    "name",
    [
        "ANA TORRES",
        "Ana  Torres",
        "Ana Torres.",
        "Ana-Torres",
        "Ana\u00adTorres",
        "\uff21na Torres",
    ],
)
def test_a_typed_name_that_reads_the_same_is_the_same_person(name) -> None:
    other = Actor(id="typed-7", name=name, roles=ANA.roles, typed=True)
    assert same_person(ANA, other)
    assert same_person(other, ANA)
    assert not same_person(ANA, replace(other, typed=False))  # namesakes with identities


def test_other_names_and_ids_are_other_people() -> None:
    assert not same_person(ANA, replace(ANA, id="ben", name="Ben Ade", typed=True))
    assert not same_person(ANA, replace(ANA, id="anatorres"))
    ram = replace(ANA, id="1", name="राम", typed=True)
    assert not same_person(ram, replace(ram, id="2", name="रीमा"))  # marks are part of a name


@given(st.text(), st.text(), st.booleans())
def test_being_the_same_person_is_mutual(name, other, typed) -> None:
    one = replace(ANA, id="1", name=name, typed=typed)
    two = replace(ANA, id="2", name=other)
    assert same_person(one, two) == same_person(two, one)
    assert same_person(one, one)


def test_an_actor_survives_storage() -> None:
    actor = replace(ANA, roles=frozenset({Role.LEGAL, Role.ADVISOR}), typed=True)
    plain = to_plain(actor)
    assert plain["roles"] == ["advisor", "legal"]
    assert from_plain(Actor, plain) == actor
