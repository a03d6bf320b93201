"""When a yes may go on record, whatever else is on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.documents.packs.reading import careful_people_pack
from recovery.domain.accounting.agreed import (
    Agreement,
    AgreementEnd,
    Offer,
    OfferedOption,
    Part,
)
from recovery.domain.accounting.fact import FactRecord, Recorded, RecordedFact, Undo
from recovery.domain.accounting.history import ScheduleVersion
from recovery.domain.accounting.loan import Components, Payment
from recovery.domain.agreements.agreeing import (
    Agreeing,
    agreement,
    agreement_end_problems,
    agreement_problems,
    booked_minor,
    hides_arrears,
    undo_problems,
)
from recovery.domain.agreements.fact_request import AgreementMade
from recovery.domain.agreements.policy import PlanPolicy
from recovery.domain.agreements.restraints import EVERYTHING, Kind, Restraint
from recovery.domain.shared.actor import Role
from tests.builders import a_loan, a_payment, an_actor
from tests.builders import fields as fields_of

DAY, ON = timedelta(days=1), date(2026, 4, 10)
PLAN = OfferedOption(
    kind="payment_plan",
    payments=(Part(ON + 5 * DAY, 300), Part(ON + 35 * DAY, 200), Part(ON + 65 * DAY, 100)),
    parts=(Part(ON + 5 * DAY, 200), Part(ON + 35 * DAY, 100)),
    extra_minor=0,
    largest_month_minor=300,
    let_go_minor=0,
    approved_by="advisor",
)
NEW = OfferedOption("reage", (Part(ON + 35 * DAY, 900),), (), 0, 900, 50, "legal", '{"kind": 1}')
SETTLED = replace(NEW, kind="settlement", action="", approved_by="advisor")
OFFER = Offer(ON, ON + 14 * DAY, "one_off", "A-1", 1, 300, 9, (PLAN, NEW, SETTLED), (), ("B-1",))
SAID = AgreementMade(ON, "OF", "payment_plan", "paper", "DOC", ("B-1",))
ADVISOR = an_actor("Joy Wanjiku", Role.ADVISOR)


def recorded(**facts: RecordedFact) -> Recorded:
    """These facts by id, recorded in this order."""
    at = datetime(2026, 4, 1, tzinfo=UTC)
    records = tuple(
        FactRecord(
            fact_id=fact_id,
            loan_id="L-1",
            fact=fact,
            known_on=ON,
            fingerprint="f",
            reason="said",
            recorded_by="ana",
            recorded_at=at + number * timedelta(minutes=1),
        )
        for number, (fact_id, fact) in enumerate(facts.items())
    )
    return Recorded(facts=records)


def agreeing(on_record: Recorded | None = None, **changes) -> Agreeing:
    ordinary = Agreeing(
        loan=a_loan(),
        recorded=on_record or recorded(OF=OFFER),
        restraints=(),
        policy=PlanPolicy(),
        by=ADVISOR,
        arrears_minor=300,
        owed_minor=950,
        pack=careful_people_pack(),
    )
    return replace(ordinary, **changes)


def wrong(said: AgreementMade = SAID, known: Agreeing | None = None) -> set[str]:
    known = known or agreeing()
    offer = known.offer(said.offer_id)
    agreed = agreement(said, offer.find(said.option) if offer else None, known)
    return fields_of(agreement_problems(agreed, known))


def an_agreement(on: date = ON, **changes) -> Agreement:
    return replace(agreement(replace(SAID, on=on), PLAN, agreeing()), **changes)


def test_what_was_shown_is_agreed_until_the_last_part() -> None:
    assert wrong() == set()
    agreed = an_agreement()
    assert [each.amount_minor for each in agreed.payments] == [300, 200]
    assert agreed.arrears_minor == 300 == sum(each.amount_minor for each in PLAN.parts)
    assert agreed.tolerance_minor == 15 and agreed.approved_by == ADVISOR.id


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"on": ON - DAY}, "on"),
        ({"on": ON + 6 * DAY}, "option"),  # its first part is past
        ({"on": ON + 15 * DAY}, "offer_id"),
        ({"option": "extension"}, "option"),
        ({"option": "reage"}, "by"),
    ],
)
def test_a_yes_to_anything_else_is_refused(changes, field) -> None:
    assert field in wrong(replace(SAID, **changes))


def test_the_parts_must_still_be_the_arrears_to_the_cent() -> None:
    for arrears_minor in (299, 301):
        assert wrong(known=agreeing(arrears_minor=arrears_minor)) == {"offer_id"}


def test_a_settlement_ends_the_debt_that_was_shown_and_asks_for_all_of_its_payments() -> None:
    said = replace(SAID, option="settlement")
    assert wrong(said) == set()
    agreed = agreement(said, SETTLED, agreeing())
    assert agreed.settles and agreed.payments == SETTLED.payments and not agreed.parts
    assert wrong(said, agreeing(owed_minor=951)) == {"offer_id"}
    assert wrong(said, agreeing(recorded(AG=an_agreement(), OF=OFFER))) == {"offer_id"}
    officer = an_actor(a_loan().advisor_name, Role.ADVISOR)
    assert hides_arrears(OFFER, SETTLED) and wrong(said, agreeing(by=officer)) == {"by"}
    assert booked_minor(OFFER, SETTLED) == 950


def test_nobody_agrees_for_the_dead() -> None:
    death = Restraint(Kind.DEATH, ON, None, frozenset(EVERYTHING), "death")
    assert wrong(known=agreeing(restraints=(death,))) == {"loan_id"}


def test_a_tier_of_its_own_and_no_service_approves() -> None:
    said = replace(SAID, option="reage")
    assert wrong(said, agreeing(by=an_actor("Lea", Role.LEGAL))) == set()
    assert wrong(said, agreeing(by=an_actor("Lea", Role.SUPERVISOR))) == {"by"}
    assert wrong(known=agreeing(by=an_actor("bank", Role.SERVICE, Role.ADVISOR))) == {"by"}


def test_the_officer_of_the_loan_may_agree_on_a_plan_and_not_on_what_hides_arrears() -> None:
    officer = an_actor(a_loan().advisor_name, Role.ADVISOR, Role.LEGAL)
    assert wrong(known=agreeing(by=officer)) == set()
    assert wrong(replace(SAID, option="reage"), agreeing(by=officer)) == {"by"}
    assert hides_arrears(OFFER, NEW) and not hides_arrears(OFFER, PLAN)
    assert not hides_arrears(replace(OFFER, overdue_minor=0), NEW)
    assert (booked_minor(OFFER, PLAN), booked_minor(OFFER, NEW)) == (300, 950)


def test_a_breached_plan_may_be_refitted_and_one_in_force_may_not() -> None:
    policy, before = PlanPolicy(most_plans=3), an_agreement(ON - 40 * DAY)
    first = Part(ON - 30 * DAY, 300)
    broken = replace(before, payments=(first,), parts=(first,))
    on_record = recorded(AG=broken, OF=OFFER)
    assert wrong(known=agreeing(on_record, policy=policy)) == set()
    kept = a_payment("P-1", payment=Payment("P-1", first.due_date, 300))
    later = replace(broken, payments=(first, Part(ON + 9 * DAY, 100)))
    paid = replace(recorded(AG=later, OF=OFFER), payments=(kept,))
    assert wrong(known=agreeing(paid, policy=policy)) == {"offer_id"}


def test_plans_are_repeated_so_often_and_more_only_with_a_supervisor() -> None:
    part = Part(ON - 300 * DAY, 300)
    old = an_agreement(ON - 310 * DAY, payments=(part,), parts=(part,))
    for most, since_days, by, refused in (
        (1, 365, ADVISOR, {"offer_id"}),
        (2, 365, ADVISOR, set()),
        (1, 300, ADVISOR, set()),
        (1, 365, an_actor("Ana Torres", Role.SUPERVISOR), set()),
    ):
        policy = PlanPolicy(most_plans=most, plans_within_days=since_days)
        assert wrong(known=agreeing(recorded(AG=old, OF=OFFER), policy=policy, by=by)) == refused


def test_only_a_plan_that_is_not_over_is_called_off() -> None:
    on_record = recorded(OF=OFFER, AG=an_agreement())
    assert list(agreement_end_problems(AgreementEnd("AG", ON), on_record)) == []
    for end in (AgreementEnd("OF", ON), AgreementEnd("nothing", ON)):
        assert fields_of(agreement_end_problems(end, on_record)) == {"agreement_id"}
    assert fields_of(agreement_end_problems(AgreementEnd("AG", ON - DAY), on_record)) == {"on"}
    ended = recorded(OF=OFFER, AG=an_agreement(), E=AgreementEnd("AG", ON))
    assert fields_of(agreement_end_problems(AgreementEnd("AG", ON), ended)) == {"agreement_id"}


def test_what_belongs_to_an_agreement_is_undone_with_it() -> None:
    def version(number: int) -> ScheduleVersion:
        schedule = a_loan().schedule
        return ScheduleVersion(number, ON, "reage", schedule, 9, Components(5), Components(), None)

    facts = {"OF": OFFER, "AG": an_agreement(), "AG.schedule": version(2)}
    on_record = recorded(**facts)
    assert list(undo_problems(Undo("AG", ON), on_record)) == []
    for part in ("OF", "AG.schedule"):
        assert fields_of(undo_problems(Undo(part, ON), on_record)) == {"undoes"}
    later = recorded(**facts, V=version(3))
    assert fields_of(undo_problems(Undo("AG", ON), later)) == {"undoes"}
