"""The whole decision: never ready with something missing, unverified or past its review."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.judicial.decision import decide
from recovery.domain.judicial.facts import (
    Act,
    Agreement,
    Facts,
    Held,
    Help,
    Letter,
    Negotiation,
)
from recovery.domain.judicial.finding import Decision
from recovery.domain.judicial.law import Law
from recovery.domain.judicial.limitation import DuePart, LimitationFacts
from recovery.domain.judicial.limitation_acts import LimitationAct, Obligor
from recovery.domain.judicial.limitation_rules import ActKind, Proof
from recovery.domain.judicial.rules import CreditorRole, DebtorType, Stage, Title
from recovery.domain.shared.packs import may_permit
from tests.claims import ATTEMPT, LETTER, ON, a_claim, a_dutch_claim, a_law

DEED = {
    "title": "notarial_poliza",
    "liquidation_clause": True,
    "balance_certificate": True,
    "notarised_liquidation": True,
    "debtor_told": date(2026, 4, 1),
    "guarantor": False,
}
HOME = {"home_mortgage": True, "half": "first", "overdue_months": 12}
NOWHERE = {
    "address_known": False,
    "address_declared": True,
    "address_searched": True,
    "negotiation": None,
}
READY = {
    "order": (a_claim(), "ES"),
    "contested": (a_claim(dispute="contested"), "ES"),
    "large": (a_claim(dispute="contested", principal_minor=1_600_000), "ES"),
    "note": (a_claim(title="promissory_note_valid", negotiation=None), "ES"),
    "deed": (a_claim(**DEED), "ES"),
    "home": (a_claim(**HOME, notice_sent=date(2026, 3, 1)), "ES"),
    "nowhere": (
        a_claim(
            address_known=False, address_declared=True, address_searched=True, negotiation=None
        ),
        "ES",
    ),
    "opposed": (a_claim(stage="order_opposed", on_stage=date(2026, 5, 11)), "ES"),
    "unopposed": (a_claim(stage="order_unopposed", on_stage=date(2026, 5, 11)), "ES"),
    "kanton": (a_dutch_claim(), "NL"),
    "rechtbank": (a_dutch_claim(debtor_type="company", principal_minor=2_500_001), "NL"),
}


@pytest.mark.parametrize("name", READY)
def test_ready_gives_rule_and_source_of_every_reason(name) -> None:
    facts, country = READY[name]
    found = decide(facts, a_law(country))
    assert (found.status, found.missing) == ("READY", ())
    assert all(each.rule.source and each.rule.says for each in found.findings)
    assert any(each.effect == "permits" for each in found.findings)


@pytest.mark.parametrize("spoil", [{"confidence": "U"}, {"review_by": ON - timedelta(days=1)}])
@pytest.mark.parametrize("name", READY)
def test_one_unreliable_rule_is_enough_to_ask_a_person(name, spoil) -> None:
    """Each rule that filing rests on is spoilt in turn."""
    facts, country = READY[name]
    law = a_law(country)
    rests_on = {e.rule.id for e in decide(facts, law).findings if e.effect == "permits"}
    for rule_id in rests_on:
        found = decide(facts, _with(law, rule_id, lambda rule: replace(rule, **spoil)))
        assert (found.procedure, found.status) == ("HUMAN_REVIEW", "BLOCKED"), rule_id
        assert "RULE_NOT_RELIABLE" in found.blocking
        assert any(rule_id in each.why for each in found.ask)


@pytest.mark.parametrize("name", READY)
def test_without_any_one_rule_that_filing_rests_on_it_is_not_ready_by_that_route(name) -> None:
    facts, country = READY[name]
    law = a_law(country)
    ready = decide(facts, law)
    terms = {each.id for each in law.all(lambda rules: rules.terms)}
    rests_on = {e.rule.id for e in ready.findings if e.effect == "permits"}
    for rule_id in rests_on & terms:
        found = decide(facts, _with(law, rule_id, None))
        assert found.status != "READY", rule_id


def test_in_the_last_days_of_a_review_it_is_ready_and_the_day_after_it_is_not() -> None:
    law = a_law()
    last = min(e.rule.review_by for e in decide(a_claim(), law).findings if e.effect == "permits")
    fresh = replace(ATTEMPT, received=last - timedelta(days=40))
    facts = a_claim(negotiation=fresh, due=last - timedelta(days=100))
    assert decide(facts, a_law(on=last)).status == "READY"
    assert decide(facts, a_law(on=last + timedelta(days=1))).procedure == "HUMAN_REVIEW"


def test_who_decides_sees_what_nobody_stated() -> None:
    asked = {each.fact for each in decide(Facts(principal_minor=320_000), a_law()).ask}
    assert asked >= {"amicable", "debtor_type", "creditor_type", "due", "dispute", "address_known"}
    assert asked >= {"liquid_due", "title", "late_rate", "acceleration_requested"}
    whole = a_claim(late_rate_pct=Decimal(5), ordinary_rate_pct=Decimal(5), amicable=())
    assert decide(whole, a_law()).ask == ()


@pytest.mark.parametrize(
    ("facts", "country", "fact"),
    [
        (a_claim(acts=None), "ES", "interruptions"),
        (a_claim(accelerated=None, accelerates_after=3), "ES", "acceleration_clause"),
        (a_claim(negotiation=replace(ATTEMPT, reply=True)), "ES", "masc.closed"),
        (a_claim(**(DEED | {"guarantor": None})), "ES", "guarantor"),
        (a_claim(**(HOME | {"half": None})), "ES", "elapsed"),
        (a_claim(late_rate_pct=Decimal(5)), "ES", "ordinary_rate"),
        (a_claim(agreement=Agreement(form="homologated")), "ES", "stage"),
        (a_dutch_claim(letter=replace(LETTER, amount_stated_minor=None)), "NL", "letter14"),
        (a_dutch_claim(), "NL", "credit_sum"),
        (a_dutch_claim(principal_minor=2_600_000), "NL", "court_fee"),
    ],
)
def test_each_gap_is_asked_for_by_name(facts, country, fact) -> None:
    assert any(each.fact.startswith(fact) for each in decide(facts, a_law(country)).ask)


def test_a_judge_weighs_only_a_clause_that_asks_for_more_than_one_missed_instalment() -> None:
    for after, asked in ((1, False), (2, True)):
        facts = a_claim(accelerated=None, accelerates_after=after)
        facts_asked = {each.fact for each in decide(facts, a_law()).ask}
        assert ("acceleration_clause" in facts_asked) == asked


def test_without_the_amount_or_the_law_a_person_decides() -> None:
    for facts, law, code in (
        (a_claim(principal_minor=None), a_law(), "FACTS_UNKNOWN"),
        (a_claim(), a_law("KE"), "LAW_UNKNOWN"),
        (a_claim(due=date(2009, 1, 1)), a_law(on=date(2010, 1, 1)), "LAW_UNKNOWN"),
        (a_dutch_claim(stage="judgment"), a_law("NL"), "LAW_UNKNOWN"),
    ):
        found = decide(facts, law)
        assert (found.procedure, found.status, found.blocking) == (
            "HUMAN_REVIEW",
            "BLOCKED",
            (code,),
        )
        assert found.ask


def test_amounts_that_were_reduced_decide_fee_and_court() -> None:
    facts = a_claim(
        principal_minor=None,
        principal_outstanding_minor=2_000_000,
        instalment_minor=50_000,
        overdue_instalments=3,
        accelerated=None,
        accelerates_after=1,
        dispute="contested",
    )
    found = decide(facts, a_law())
    assert found.procedure == "ES_JUICIO_VERBAL"
    assert found.details["court_fee"].amount_minor == 0


def test_of_several_last_days_the_first_holds() -> None:
    """A claim may prescribe, or a note's action end, before an attempt to settle grows old."""
    closed = Negotiation(kind="mediation", closed=date(2026, 3, 1), proof="minutes, signed")
    old = a_claim(due=date(2021, 9, 1), negotiation=closed)
    for facts, last_day in (
        (old, date(2026, 9, 1)),
        (replace(old, due=date(2026, 1, 31)), date(2027, 3, 1)),
        (a_claim(title="promissory_note_valid", due=date(2023, 6, 1)), date(2026, 6, 1)),
    ):
        assert decide(facts, a_law()).details["file_before"] == last_day


DUE_LAST = date(2023, 6, 1)
LAST = DuePart(part="2", due_on=DUE_LAST)
days = st.dates(date(2020, 1, 1), date(2035, 1, 1))
maybe: Callable[[Any], Any] = lambda strategy: st.none() | strategy  # noqa: E731
amounts = st.sampled_from([0, 1, 4_000, 30_000, 30_001, 200_000, 1_500_000, 2_500_001, 10**9])


def acts_on(*persons: tuple[str, ...]) -> st.SearchStrategy[LimitationAct]:
    return st.builds(
        LimitationAct,
        act_id=st.sampled_from(["one", "two"]),
        act=st.sampled_from(get_args(ActKind)),
        on=days,
        persons=st.sampled_from(persons),
        proof=st.sampled_from(get_args(Proof)),
        written=maybe(st.booleans()),
    )


acts = acts_on(("debtor",))
PEOPLE = (Obligor(person_id="ana", role="debtor"), Obligor(person_id="luis", role="guarantor"))
HISTORIES = st.builds(
    LimitationFacts,
    claim=st.just("contract"),
    parts=days.map(lambda on: (DuePart(part="1", due_on=on), DuePart(part="2", due_on=DUE_LAST))),
    obligors=st.just(PEOPLE),
    acts=st.lists(acts_on(("ana",), ("ana", "luis")), max_size=3).map(tuple),
    region=maybe(st.sampled_from(["ES-V", "ES-M"])),
)
FACTS = st.builds(
    Facts,
    debtor_type=maybe(st.sampled_from(get_args(DebtorType))),
    creditor_is_person=maybe(st.booleans()),
    creditor_role=maybe(st.sampled_from(get_args(CreditorRole))),
    registered=maybe(st.booleans()),
    title=maybe(st.sampled_from(get_args(Title))),
    principal_minor=maybe(amounts),
    principal_outstanding_minor=maybe(amounts),
    interest_minor=st.sampled_from([0, 20_000]),
    due=maybe(days),
    liquid=maybe(st.booleans()),
    address_known=maybe(st.booleans()),
    address_searched=st.booleans(),
    address_declared=st.booleans(),
    dispute=maybe(st.sampled_from(["none", "contested", "formal"])),
    acts=maybe(st.lists(acts.map(lambda e: Act(on=e.on, kind=e.act, meaning=e)), max_size=3)),
    history=st.none() | st.none() | HISTORIES,
    held=st.sampled_from([(), (), (Held(kind="promise", since=ON),)]),
    stage=st.none() | st.none() | st.sampled_from(get_args(Stage)),
    on_stage=maybe(days),
    negotiation=maybe(
        st.builds(
            Negotiation,
            kind=maybe(st.sampled_from(["invitation", "plain demand", "binding offer"])),
            received=maybe(days),
            closed=maybe(days),
            proof=maybe(st.sampled_from(["burofax", "none"])),
            to=maybe(st.just(("a",))),
            reply=st.booleans(),
            ended_in_writing=st.booleans(),
        )
    ),
    letter=maybe(
        st.builds(
            Letter,
            sent=maybe(days),
            wording=maybe(st.sampled_from(["valid", "dagtekening"])),
            amount_stated_minor=maybe(amounts),
        )
    ),
    debtors=st.sampled_from([(), ("a",), ("a", "b")]),
    agreement=maybe(
        st.builds(
            Agreement,
            form=maybe(st.sampled_from(["private", "deed", "homologated"])),
            breached=maybe(st.booleans()),
        )
    ),
    home_mortgage=st.booleans(),
    overdue_months=maybe(st.integers(0, 20)),
    accelerated=maybe(st.booleans()),
    accelerates_after=maybe(st.integers(1, 3)),
    late_rate_pct=maybe(st.decimals(0, 30, places=1)),
    debtor_told=maybe(days),
    deceased=st.sampled_from([False, False, False, True]),
    insolvency=st.none() | st.none() | st.sampled_from(["declared", "standstill", "discharged"]),
    insolvent_since=maybe(days),
    help=st.none() | st.none() | st.builds(Help, by_court=st.booleans(), until=maybe(days)),
)


@given(FACTS, st.sampled_from(["ES", "NL", "KE"]), days)
def test_whatever_the_facts_ready_lacks_nothing_and_rests_on_reviewed_law(facts, country, on):
    found = decide(facts, a_law(country, on))
    _sound(found, on)
    assert decide(facts, a_law(country, on)) == found
    for stop in ("deceased", "insolvency"):
        if getattr(facts, stop) in (True, "declared", "discharged"):
            assert found.status == "BLOCKED"


@given(FACTS, st.sampled_from(["ES", "NL", "KE"]), days, st.integers(1, 4000))
def test_a_later_day_never_revives_what_prescribed_without_an_act(facts, country, on, later):
    """Whatever else changes with time, and whatever a person has still to read."""
    talks = facts.negotiation
    if talks and any(each and each > on for each in (talks.received, talks.closed)):
        facts = replace(facts, negotiation=None)
    past = tuple(each for each in facts.acts or () if each.on <= on)
    history = facts.history and replace(
        facts.history,
        acts=tuple(each for each in facts.history.acts if each.on <= on),
        parts=tuple(each for each in facts.history.parts if each.due_on <= on) or (LAST,),
    )
    facts = replace(facts, acts=past, history=history, deceased=False, insolvency=None, stage=None)
    if "PRESCRIBED" in decide(facts, a_law(country, on)).blocking:
        after = decide(facts, a_law(country, on + timedelta(days=later)))
        assert "PRESCRIBED" in after.blocking and after.status == "BLOCKED"


def _sound(found: Decision, on: date) -> None:
    stops = [each for each in found.findings if each.effect == "stops"]
    assert (found.status == "BLOCKED") == bool(stops)
    assert found.status != "NEEDS_PREREQUISITE" or found.missing
    assert found.procedure and all(each.code for each in stops)
    if found.status == "READY":
        assert not found.missing
        permits = [each.rule for each in found.findings if each.effect == "permits"]
        assert permits and all(may_permit(rule, on) for rule in permits)


def _with(law: Law, rule_id: str, change: Callable[[Any], Any] | None) -> Law:
    """The law with one rule changed, or left out."""

    def changed(section: Any) -> Any:
        kinds = {}
        for name in section.__dataclass_fields__:
            rules = [
                rule if rule.id != rule_id else change and change(rule)
                for rule in getattr(section, name)
            ]
            kinds[name] = tuple(each for each in rules if each is not None)
        return replace(section, **kinds)

    assert law.pack.own is not None and law.claims.own is not None
    return replace(
        law,
        pack=replace(law.pack, own=changed(law.pack.own)),
        claims=replace(law.claims, own=changed(law.claims.own)),
    )
