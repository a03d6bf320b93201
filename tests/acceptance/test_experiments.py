"""Experiments: half get it, half do not; what does nothing shows nothing, what harms stops."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.documents.contact.curriculum import curriculum
from recovery.domain.contact.choose import LoanWish
from recovery.domain.contact.plan import Wish
from recovery.domain.contact.policy import ContactPolicy
from recovery.domain.loan_state import standing_of
from recovery.domain.portfolio.experiments import BUILT_IN, Arm, Experiment, OutcomeOf
from recovery.domain.shared.actor import Role
from recovery.domain.shared.errors import NotAllowedError, RefusedError
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.contact.try_out import try_out
from recovery.use_cases.portfolio.run_experiments import (
    ExperimentReport,
    report_experiment,
    start_experiment,
    stop_experiment,
)
from tests.builders import a_policy, an_actor
from tests.life import SUPERVISOR, Life

START, DAY = date(2026, 1, 19), timedelta(days=1)
PEOPLE = 40
IDS = [f"B-{each}" for each in range(1, PEOPLE + 1)]


def remind_everybody(life: Life) -> None:
    contact = ContactPolicy(remind="everybody", confirmed_within_days=None)
    life.ports.institutions.save_policy("umoja", a_policy(version=2, contact=contact))


@pytest.fixture
def life(wiring) -> Life:
    """Forty people with a loan each, four instalments of it paid, who hear by e-mail."""
    life = Life(wiring, START)
    remind_everybody(life)
    for each in IDS:
        life.lend(each.replace("B", "L"), each)
    life.until(START + DAY)
    return life


def begin(life: Life, experiment: Experiment) -> Experiment:
    start_experiment("umoja", experiment, SUPERVISOR, life.ports.now(), life.ports)
    return experiment


def built_in(life: Life, name: str) -> Experiment:
    return begin(life, BUILT_IN[name](life.today, life.today + 200 * DAY))


def loan_of(life: Life, person_id: str) -> StoredLoan:
    return life.ports.loans.load(person_id.replace("B", "L"))


def pay(life: Life, person_id: str, late_days: int = 0) -> None:
    """Pay what was due so many days ago."""
    stored = loan_of(life, person_id)
    for each, paid in zip(stored.loan.schedule, stored.state.position.paid, strict=True):
        if each.due_date + late_days * DAY == life.today and paid != each.due:
            life.pay(stored.loan.loan_id, each.due.total)


def lived(life: Life, days: int, late: dict[str, int]) -> None:
    """Let days pass; the people named pay so many days late, the others on time."""

    def each_day() -> None:
        for person_id in IDS:
            pay(life, person_id, late.get(person_id, 0))

    life.until(life.today + days * DAY, each_day)


def arms(experiment: Experiment) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {each.name: [] for each in experiment.arms}
    for person_id in IDS:
        arm = experiment.arm_for(person_id)
        assert arm is not None
        found[arm.name].append(person_id)
    return found


def said_about(life: Life, person_id: str, kind: str) -> list[str]:
    contacts = life.ports.borrowers.contacts(person_id)
    return [key for key, each in contacts.items() if f"/{kind}" in key and each.provider_id]


def reminded(life: Life, person_id: str) -> int:
    """Count reminders; whoever was late has one that says why it comes."""
    kinds = ("reminder", "warning_reminder")
    return sum(len(said_about(life, person_id, each)) for each in kinds)


def report(life: Life, experiment: Experiment) -> ExperimentReport:
    return report_experiment(experiment.experiment_id, life.ports)


def test_lessons_against_none_shows_that_nothing_differs(life: Life) -> None:
    for person_id in IDS:
        life.tell(person_id, "lessons", wanted=True)
    for person_id in IDS:  # the first lesson went before it began
        assert said_about(life, person_id, "lesson")
    experiment = built_in(life, "lessons")
    by_arm = arms(experiment)
    late = dict.fromkeys(IDS[::8], 3)
    lived(life, 50, late)
    for person_id in by_arm["later"]:
        assert len(said_about(life, person_id, "lesson")) == 1
    assert any(len(said_about(life, e, "lesson")) > 1 for e in by_arm["lessons"])
    found = report(life, experiment)
    assert sum(each.enrolled for each in found.counts.values()) >= PEOPLE - len(late)
    assert all(each.looked for each in found.counts.values())
    first = found.comparisons[0]
    assert first.outcome is OutcomeOf.ON_TIME and first.shows_nothing and first.harms is None
    timeline = life.ports.timeline.entries(by_arm["later"][1].replace("B", "L"))
    assert any("left out on purpose: experiment lessons, arm later" in e.text for e in timeline)


def test_silence_that_harms_stops_itself_and_everybody_is_reminded_again(life: Life) -> None:
    lived(life, 95, {})  # four instalments on time: nobody needs a reminder
    experiment = built_in(life, "silence-for-the-punctual")
    silent = arms(experiment)["silence"]
    late = dict.fromkeys(silent, 5)  # a strong effect: all of them forget
    lived(life, 45, late)
    record = report(life, experiment).record
    assert record.stopped_on is not None
    last = record.turns[-1]
    assert (last.what, last.by) == ("stopped", "daily review") and "silence harms" in last.why
    [task] = life.tasks("experiment")
    assert task.role == "supervisor" and last.why in task.reason
    before = {each: reminded(life, each) for each in silent}
    lived(life, 40, {})
    assert all(reminded(life, each) > before[each] for each in silent)


def test_silence_needs_people_who_are_reminded(life: Life) -> None:
    usual = replace(a_policy(version=3), effective_from=START)
    life.ports.institutions.save_policy("umoja", usual)
    with pytest.raises(RefusedError, match="not reminded anyway"):
        built_in(life, "silence-for-the-punctual")


def test_who_is_restrained_is_treated_as_usual_and_not_counted(life: Life) -> None:
    experiment = begin(
        life,
        replace(
            BUILT_IN["silence-for-the-punctual"](life.today, life.today + 200 * DAY),
            who="everybody",
        ),
    )
    silent = arms(experiment)["silence"][0]
    life.tell(silent, "hold", because="stop")
    lived(life, 30, {})
    assert life.ports.experiments.subject(experiment.experiment_id, silent) is None


def test_another_signer_and_other_words_are_said_all_the_same(life: Life) -> None:
    usual = Arm(name="usual", percent=40, does="as_usual")
    experiment = begin(
        life,
        Experiment(
            experiment_id="who-signs",
            question="Does it matter who signs the first message?",
            about=("first_days_late",),
            arms=(
                usual,
                Arm(name="house", percent=30, does="signer", value="institution"),
                Arm(name="words", percent=30, does="text", value="second_wording"),
            ),
            outcome=OutcomeOf.CURE,
            start_on=life.today,
            stop_on=life.today + 100 * DAY,
        ),
    )
    lived(life, 20, dict.fromkeys(IDS, 20))
    by_person = {address: text for address, _, text, _ in life.ports.messenger.emails}
    signed = {
        name: {"Peter Otieno" in by_person[f"{each}@example.org".lower()] for each in people}
        for name, people in arms(experiment).items()
    }
    assert signed == {"usual": {True}, "house": {False}, "words": {True}}
    found = report(life, experiment)
    assert all(each.enrolled for each in found.counts.values())


def test_another_lesson_is_given_to_its_arm_and_the_next_as_usual_to_the_others(
    life: Life,
) -> None:
    chosen = curriculum().ids[-1]
    experiment = begin(
        life,
        Experiment(
            experiment_id="which-lesson",
            question="Does the last lesson first help more than the first one?",
            about=("lesson",),
            arms=(
                Arm(name="usual", percent=50, does="as_usual"),
                Arm(name="other", percent=50, does="lesson", value=chosen),
            ),
            outcome=OutcomeOf.ON_TIME,
            start_on=life.today,
            stop_on=life.today + 100 * DAY,
        ),
    )
    for person_id in IDS:
        life.tell(person_id, "lessons", wanted=True)
    lived(life, 10, {})
    given = {
        name: {life.ports.people.find(each).learning.given[:1] for each in people}
        for name, people in arms(experiment).items()
    }
    assert given["other"] == {(chosen,)}
    assert given["usual"].isdisjoint(given["other"])


def test_the_offer_of_another_due_day_may_come_from_somebody_else_but_comes(life: Life) -> None:
    def tried(does: str, value: str) -> Experiment:
        return Experiment(
            experiment_id="who-offers",
            question="Does it matter who offers to move the due day?",
            about=("offer_due_day",),
            arms=(
                Arm(name="usual", percent=50, does="as_usual"),
                Arm(name="house", percent=50, does=does, value=value),  # type: ignore[arg-type]
            ),
            outcome=OutcomeOf.ON_TIME,
            start_on=life.today,
            stop_on=life.today + 100 * DAY,
        )

    for does, value in (("nothing", ""), ("delay", "1")):
        with pytest.raises(RefusedError, match="which people need"):
            begin(life, tried(does, value))
    experiment = begin(life, tried("signer", "institution"))
    policy = life.ports.institutions.policy("umoja", life.today)
    for name, people in arms(experiment).items():
        for person_id in people[:3]:
            stored = loan_of(life, person_id)
            due_date = stored.loan.schedule[0].due_date
            about = LoanWish(
                loan_id=stored.loan.loan_id,
                wish=Wish("offer", "offer_due_day", due_date, due_date),
                standing=standing_of(stored.loan, stored.state, policy, life.today),
            )
            person = life.ports.borrowers.load(person_id)
            found = try_out(about, stored, person, policy, life.today, life.ports)
            assert found.signed_by == ("institution" if name == "house" else "")
            assert found.why_not is None


def test_a_delay_puts_off_once_and_no_longer(life: Life) -> None:
    experiment = begin(
        life,
        Experiment(
            experiment_id="a-day-later",
            question="Does a reminder two days later do as well?",
            about=("reminder_before_due",),
            arms=(
                Arm(name="usual", percent=50, does="as_usual"),
                Arm(name="later", percent=50, does="delay", value="2"),
            ),
            outcome=OutcomeOf.ON_TIME,
            start_on=life.today,
            stop_on=life.today + 100 * DAY,
        ),
    )
    lived(life, 20, {})
    for name, people in arms(experiment).items():
        for each in people:
            timeline = [e.text for e in life.ports.timeline.entries(each.replace("B", "L"))]
            assert any("put off on purpose" in text for text in timeline) == (name == "later")


def test_only_a_supervisor_starts_and_stops_and_a_stop_has_a_reason(life: Life) -> None:
    experiment = BUILT_IN["lessons"](life.today, life.today + 50 * DAY)
    advisor = an_actor("Peter", Role.ADVISOR)
    with pytest.raises(NotAllowedError):
        start_experiment("umoja", experiment, advisor, life.ports.now(), life.ports)
    begin(life, experiment)
    with pytest.raises(RefusedError, match="is in use"):
        begin(life, experiment)
    now, ports = life.ports.now(), life.ports
    with pytest.raises(RefusedError, match="why"):
        stop_experiment("umoja", "lessons", " ", SUPERVISOR, now, ports)
    record = stop_experiment("umoja", "lessons", "enough is known", SUPERVISOR, now, ports)
    assert record.stopped_on == life.today
    assert stop_experiment("umoja", "lessons", "again", SUPERVISOR, now, ports).version == (
        ports.experiments.all()[0].version
    )
