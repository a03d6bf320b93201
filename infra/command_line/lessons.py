"""lesson: the curriculum, talking cards, and a person's yes, goal and progress."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from infra.command_line.actors import deciding_actor
from infra.command_line.options import AsJson, Aws, By, Institution, Why, console, entry
from infra.command_line.promises import OwnId, own_id
from infra.deployment.target import TargetError, find_target
from recovery.documents.contact.curriculum import curriculum
from recovery.documents.people.fact_request import person_fact_request
from recovery.domain.contact.lessons import Lesson
from recovery.domain.shared.errors import FactConflictError, NotOnRecordError, RefusedError
from recovery.messages import LANGUAGES, LanguageNotSupportedError
from recovery.messages.lesson_words import LessonFacts, lesson_card, lesson_title, render_lesson
from recovery.use_cases.people.learning import progress_of
from recovery.use_cases.people.record_person_fact import record_person_fact
from recovery.use_cases.shared.business_date import business_date

PersonId = Annotated[str, typer.Argument(help="The person's id, as in the imported files.")]
LessonId = Annotated[str, typer.Argument(help="The lesson, as `recovery lesson list` shows it.")]
Language = Annotated[
    str, typer.Option(metavar="|".join(LANGUAGES), help="The language of the words.")
]


def add_to(app: typer.Typer) -> None:
    """Register the group of commands."""
    lesson = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode="markdown",
        help="Short lessons about money, for those who said yes to them: by SMS or e-mail, or told"
        " by an advisor from a talking card. Stopping lessons stops nothing else.",
    )
    lesson.command(name="list")(list_lessons)
    lesson.command()(show)
    lesson.command()(yes)
    lesson.command()(stop)
    lesson.command()(goal)
    lesson.command()(done)
    lesson.command()(progress)
    app.add_typer(lesson, name="lesson")


def list_lessons(language: Language = "en", as_json: AsJson = False) -> None:
    """List the curriculum: which lessons there are, and for whom each comes first."""
    known = curriculum()
    found: list[dict[str, Any]] = [
        {
            "lesson_id": each.lesson_id,
            "title": _worded(lambda name=each.lesson_id: lesson_title(name, language)),
            "first_for": sorted(f"{one}".replace("_", " ") for one in _fits(each)),
        }
        for each in known.lessons
    ]
    if as_json:
        print(json.dumps({"version": known.version, "lessons": found}, ensure_ascii=False))
        return
    console.print(f"Curriculum {known.version}, in {', '.join(LANGUAGES)}.")
    for each in found:
        fits = ", ".join(each["first_for"])
        entry(each["lesson_id"], each["title"], f"first for: {fits}" if fits else "")


def show(
    lesson: LessonId,
    card: Annotated[
        bool, typer.Option("--card", help="The talking card, to print and read aloud.")
    ] = False,
    language: Language = "en",
) -> None:
    """Print a lesson as it is sent, or its talking card for people who do not read.

    *Try:* `recovery lesson show late_costs --card --language es`
    """
    _known(lesson)
    if card:
        print(_worded(lambda: lesson_card(lesson, language)))
        return
    facts = LessonFacts(borrower_name="", advisor_name="", institution_name="(institution)")
    rendered = _worded(lambda: render_lesson(lesson, language, facts))
    print(f"SMS: {rendered.sms}\n\n{rendered.subject}\n\n{rendered.text}")


def yes(
    person: PersonId,
    why: Why = "said yes to lessons",
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Record that the person wants lessons. Nobody gets any without a yes of their own."""
    _record(person, {"kind": "lessons", "wanted": True}, why, by, institution, aws, None)


def stop(
    person: PersonId,
    why: Why = "wants no more lessons",
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Record that the person wants no more lessons; messages about their loans go on."""
    _record(person, {"kind": "lessons", "wanted": False}, why, by, institution, aws, None)


def goal(
    person: PersonId,
    amount: Annotated[
        str | None, typer.Option(help="What to lay aside for each due day, such as 25.00.")
    ] = None,
    currency: Annotated[str | None, typer.Option(help="ISO 4217, such as EUR.")] = None,
    why: Why = "the person's own goal",
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Record the goal that the person set; they are reminded before the due day. Without an amount
    it is taken back."""
    body: dict[str, Any] = {"kind": "goal"}
    if amount is not None:
        body |= {"amount": amount, "currency": currency}
    _record(person, body, why, by, institution, aws, None)


def done(
    person: PersonId,
    lesson: LessonId,
    answer: Annotated[
        int | None, typer.Option(min=1, max=2, help="The number of the option they chose.")
    ] = None,
    id: OwnId = None,
    why: Why = "done with the advisor",
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Record that the person did a lesson, such as from its talking card."""
    body: dict[str, Any] = {"kind": "lesson_done", "lesson_id": lesson}
    if answer is not None:
        body["answer"] = answer
    _record(person, body, why, by, institution, aws, id)


def progress(
    person: PersonId, as_json: AsJson = False, institution: Institution = None, aws: Aws = False
) -> None:
    """Show what the person said of lessons, their goal, and how far they are."""
    target = find_target(real=aws)
    ports = target.of(target.institution(institution))
    try:
        shown = progress_of(person, ports)
    except NotOnRecordError as error:
        raise TargetError(f"{error}.") from None
    if as_json:
        print(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    wanted = {True: "yes", False: "stopped", None: "nobody asked"}[shown["wanted"]]
    saving = f"lay aside {shown['goal']} {shown['currency']}" if shown["goal"] else "none"
    console.print(f"Lessons: {wanted}. Goal: {saving}.", markup=False)
    for name in ("given", "done", "left"):
        console.print(f"{name.capitalize()}: {', '.join(shown[name]) or 'none'}", markup=False)


def _record(
    person: str,
    body: dict[str, Any],
    why: str,
    by: str | None,
    institution: str | None,
    aws: bool,
    fact_id: str | None,
) -> None:
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports, actor = target.of(chosen), deciding_actor(target, chosen, by)
    today = business_date(chosen, ports.now(), ports.institutions)
    whole = {**body, "reason": why, "on": f"{today}"}
    known = ports.people.find(person)
    # Who said yes, stopped and says yes again on one day is not repeating themselves.
    said = {**whole, "after": known.version if known else 0}
    whole["fact_id"] = fact_id or own_id("LE", person, said)
    try:
        request = person_fact_request(json.dumps(whole), person, today)
        taken = record_person_fact(chosen, request, actor, ports.now(), ports)
    except (RefusedError, NotOnRecordError, FactConflictError) as error:
        raise TargetError(str(error)) from None
    word = "on record" if taken.recorded else "already on record"
    console.print(f"{whole['fact_id']} is {word}.")


def _fits(lesson: Lesson) -> list[str]:
    return [*map(str, lesson.patterns), *map(str, lesson.segments)]


def _known(lesson_id: str) -> None:
    if curriculum().find(lesson_id) is None:
        raise TargetError(f"there is no lesson {lesson_id}. See `recovery lesson list`.")


def _worded(say: Any) -> Any:
    try:
        return say()
    except LanguageNotSupportedError as error:
        raise TargetError(f"{error}. Use one of: {', '.join(LANGUAGES)}.") from None
