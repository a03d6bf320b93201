"""Why a person heard something on a day, or nothing: recomputed from what was known then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.contact.borrower import ContactChange
from recovery.domain.shared.errors import RefusedError
from recovery.use_cases.contact.explain_day import Explanation, explain_day
from tests.builders import a_policy
from tests.life import Life

START, DAY = date(2026, 1, 20), timedelta(days=1)
LATE_1 = date(2026, 2, 2)  # a Monday, the day after the first instalment


@pytest.fixture
def life(wiring) -> Life:
    life = Life(wiring, START)
    life.lend()
    return life


def why(life: Life, on: date) -> Explanation:
    return explain_day("L-1", on, life.ports.now(), life.ports)


def rules(found: Explanation) -> set[str]:
    return {each.rule for each in found.reasons}


def words(found: Explanation) -> str:
    return " ".join(each.words for each in found.reasons)


def test_what_was_said_names_the_message_of_the_policy(life) -> None:
    life.until(LATE_1)
    found = why(life, LATE_1)
    assert found.said == (("first_days_late", "email", "L-1"),)
    assert "policy.contact.messages.2" in rules(found)
    assert found.standing.days_past_due == 1
    assert [each.text for each in found.recorded] == ["sent by email: first_days_late"]


def test_where_nothing_was_planned_it_says_so(life) -> None:
    life.until(LATE_1)
    assert "too early for a reminder" in words(why(life, START))
    for month in range(4):
        life.until(date(2026, 2 + month, 1))
        life.pay("L-1", 11_500)
    life.until(date(2026, 5, 29))
    assert "policy.contact.remind" in rules(why(life, date(2026, 5, 29)))


def test_what_was_said_before_and_rests_is_named(life) -> None:
    life.until(LATE_1 + 3 * DAY)
    found = why(life, LATE_1 + 2 * DAY)
    assert found.said == ()
    assert {"policy.contact.days_between_demands", "policy.contact.messages.2"} <= rules(found)
    assert f"was said on {LATE_1} already" in words(found)


def test_quiet_after_a_payment_is_named(life) -> None:
    life.until(date(2026, 2, 8))
    life.pay("L-1", 5_750)
    life.until(date(2026, 2, 12))
    assert "policy.contact.quiet_days" in rules(why(life, date(2026, 2, 9)))
    assert "policy.contact.quiet_days" not in rules(why(life, date(2026, 2, 12)))
    assert why(life, date(2026, 2, 7)).standing.overdue.total == 11_500  # not known yet


def test_a_hold_is_named_from_the_day_it_was_known_with_the_packs_rule(life) -> None:
    life.until(LATE_1 + DAY)
    life.tell("B-1", "hardship", causes=["income_fell"])
    life.until(LATE_1 + 8 * DAY)
    found = why(life, LATE_1 + 7 * DAY)
    assert any(each.startswith("careful.people") for each in rules(found))
    assert "hardship" in words(found)
    assert "hardship" not in words(why(life, LATE_1))


def test_a_promise_is_named_until_its_time_is_over(life) -> None:
    life.until(LATE_1 + DAY)
    pay_on = life.today + 5 * DAY
    life.say("L-1", "promise", amount="115.00", pay_on=pay_on, channel="phone", pay_by="cash")
    life.until(pay_on + 12 * DAY)
    assert "promise from" in words(why(life, pay_on - DAY))
    assert "promise from" not in words(why(life, LATE_1))


def test_weekends_holidays_and_caps_are_named_with_the_rule_of_the_pack(life) -> None:
    life.until(date(2026, 2, 9))
    sunday = why(life, date(2026, 2, 8))
    assert any("policy.contact.weekdays, careful.contact.hours" in each for each in rules(sunday))
    assert "Sunday" in words(sunday)
    for number, back in enumerate((3, 2)):
        life.ports.borrowers.lease_contact(
            *(life.ports.borrowers.load("B-1"), f"L-1/due_today-{number}/2026-02-01"),
            *(life.today - back * DAY, life.ports.now()),
        )
    full = why(life, life.today)
    assert {"policy.contact.max_messages_per_week", "careful.contact.caps.messages"} <= rules(full)


def change(life: Life, **details) -> None:
    known = life.ports.borrowers.load("B-1")
    former = {name: getattr(known, name) for name in details}
    done = ContactChange(life.today, "", former, by="typed:Ana")
    life.ports.borrowers.save_contact_details(replace(known, **details), done)


@pytest.mark.parametrize(
    ("details", "rule"),
    [
        ({"language": "fi"}, "language"),
        ({"time_zone": ""}, "place"),
        ({"email_consent": None, "sms_consent": False}, "careful.contact.basis"),
        ({"email_privacy": "shared", "phone_privacy": "shared"}, "privacy"),
    ],
)
def test_why_somebody_could_not_be_written_to_is_named_from_that_day_on(
    life, details, rule
) -> None:
    life.until(LATE_1 + 2 * DAY)
    change(life, **details)
    life.until(LATE_1 + 9 * DAY)
    assert rule in rules(why(life, life.today))
    assert rule not in rules(why(life, LATE_1))


def test_the_policy_of_that_day_counts(life) -> None:
    life.until(LATE_1 + 20 * DAY)
    later = a_policy(version=2, effective_from=LATE_1 + 10 * DAY, quiet_days=1)
    life.ports.institutions.save_policy("umoja", later)
    assert why(life, LATE_1 + 9 * DAY).policy_version == 1
    assert why(life, LATE_1 + 10 * DAY).policy_version == 2


def test_another_loan_of_the_person_takes_the_day(life) -> None:
    life.lend("L-2")
    three_before = date(2026, 1, 29)
    life.until(three_before)
    found = [explain_day(of, three_before, life.ports.now(), life.ports) for of in ("L-1", "L-2")]
    assert found[0].said == found[1].said == (("reminder_before_due", "email", "L-1"),)
    assert "one person, one message" in rules(found[1]) - rules(found[0])


@pytest.mark.parametrize("on", [date(2026, 1, 1), date(2027, 1, 1)])
def test_a_day_before_the_loan_or_to_come_is_refused(life, on) -> None:
    with pytest.raises(RefusedError):
        why(life, on)
