"""The conduct report counts what was looked at, and shares no decision with what it judges."""

import ast
import importlib
import inspect
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import recovery.domain.portfolio.conduct as conduct
from recovery.domain.accounting.fact import Recorded
from recovery.domain.cases.record import Step
from recovery.domain.cases.tasks import Result
from recovery.domain.contact.education_policy import LESSON
from recovery.domain.contact.plan import AGREEMENT_LETTER
from recovery.domain.portfolio.conduct import (
    LOOKED_AT,
    RULES,
    ConductReport,
    LoanRecord,
    NoticeGiven,
    Period,
    PersonConduct,
)
from recovery.domain.portfolio.conduct_kinds import PURPOSES
from recovery.domain.portfolio.conduct_report import conduct_of
from recovery.messages import KINDS
from tests.builders import a_payment, a_schedule, a_task
from tests.domain.portfolio.conduct_builders import DAY, MONDAY, PERIOD, details, said, then

FILES = sorted(Path(conduct.__file__).parent.glob("conduct*.py"))
DECIDES = ("gate", "choose", "plan", "who_hears", "places", "advice", "restraints", "promise")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_conduct_shares_values_and_data_and_no_function_with_what_decides(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not str(node.module).startswith("recovery."):
            continue
        room = str(node.module).rsplit(".", 1)[1]
        assert room not in DECIDES, f"{path.name} imports {node.module}"
        if room.startswith("conduct"):
            continue
        module = importlib.import_module(str(node.module))
        functions = [e.name for e in node.names if inspect.isfunction(getattr(module, e.name))]
        assert not functions, f"{path.name} imports {functions} of {node.module}"


def test_conduct_knows_what_every_kind_of_message_is_for() -> None:
    assert set(PURPOSES) == {*KINDS, LESSON, AGREEMENT_LETTER}  # these two have their own texts


def test_only_findings_of_the_period_are_reported_though_all_is_looked_at() -> None:
    texts = [said(on=MONDAY + n * 7 * DAY, words="a") for n in range(3)]
    record = PersonConduct("B-1", tuple(texts), details())
    late = conduct_of(record, Period(MONDAY + 14 * DAY, MONDAY + 20 * DAY))
    assert [(each.rule, each.on) for each in late.findings] == [
        ("same_text_twice", MONDAY + 14 * DAY)
    ]
    assert late.looked_at["messages"] == 1


def test_what_was_looked_at_is_counted() -> None:
    called = a_task(ended_on=MONDAY, result=Result(code="reached"))
    visited = a_task("V-1", kind="visit", ended_on=MONDAY, result=Result(code="visit_done"))
    steps = (Step("judicial_recovery", MONDAY, "x"), Step("cured", MONDAY + DAY, "y"))
    record = PersonConduct(
        "B-1",
        (said(), said(on=MONDAY + DAY, words=None)),
        details(),
        tasks=(called, visited),
        loans=(LoanRecord("L-1", said().loan.recorded, steps=steps),),
    )
    report = conduct_of(record, Period(MONDAY, MONDAY + DAY))
    assert report.looked_at == Counter(
        people=1, messages=2, calls=1, visits=1, judicial_steps=1, decisions=0
    )
    assert set(report.looked_at) == set(LOOKED_AT)
    assert report.unjudged == 1


def test_parts_add_up_and_an_empty_report_has_a_zero_for_every_rule() -> None:
    period = Period(date(2026, 1, 1), date(2026, 12, 31))
    whole = ConductReport(period)
    assert {whole.count(rule) for rule in RULES} == {0}
    for _ in range(2):
        record = PersonConduct("B-1", (said(on=date(2026, 3, 8)),), details())
        whole.add(conduct_of(record, period))
    assert whole.count("outside_days") == 2
    assert whole.looked_at["people"] == 2


def test_the_faults_that_an_earlier_demo_showed_would_have_been_counted() -> None:
    """27 demands on the day of a payment, 78 texts said again, 393 reminders to who is never late,
    and three cases in court although money came: the same report would have said so."""
    whole = ConductReport(PERIOD)

    def judge(*messages, **record):
        one = PersonConduct("B-1", messages, details(), **record)
        whole.add(conduct_of(one, PERIOD))

    paid = a_payment("P-2", value_date=MONDAY, amount_minor=500)
    for _ in range(27):
        judge(said(loan=then(a_payment(), paid)))
    for _ in range(78):
        judge(said(words="same"), said(on=MONDAY + 3 * DAY, words="same"))
    dues = [each.due_date for each in a_schedule(3)]
    in_time = [a_payment(f"P-{n}", value_date=on) for n, on in enumerate(dues)]
    for _ in range(393):
        reminder = {"on": date(2026, 4, 28), "about": date(2026, 5, 1)}
        judge(said("reminder_before_due", loan=then(*in_time), **reminder))
    notice = NoticeGiven(MONDAY, None, 5_000, True)
    money = a_payment("P-9", value_date=MONDAY + DAY, amount_minor=5_000)
    for came in (True, True, True, False, False, False):
        recorded = Recorded((money,) if came else ())
        steps = (Step("judicial_recovery", MONDAY + 15 * DAY, "went unanswered"),)
        judge(loans=(LoanRecord("L-1", recorded, (notice,), steps),))
    counted = Counter(each.rule for each in whole.findings)
    assert counted == {
        "day_of_a_payment": 27,
        "same_text_twice": 78,
        "reminded_without_need": 393,
        "notice_answered": 3,
    }
