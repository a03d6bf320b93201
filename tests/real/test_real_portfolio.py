"""Real loans imported, paid and reviewed end to end reach their known standings.

Runs a selection; RECOVERY_REAL=all runs every loan and every day (over half an hour).
"""

from __future__ import annotations

import os
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from zlib import crc32

import pytest

from infra.demo.summary import read_facts
from infra.deployment.target import Target
from tests.real.real_portfolio import HERE, RealLoan, Reference, plain_standing, read_real_portfolio
from tests.real.replay import Replay

ALL = os.environ.get("RECOVERY_REAL") == "all"
pytestmark = [HERE, pytest.mark.embedded, pytest.mark.slow]

_DAY = timedelta(days=1)
# Payments before these dates are imported as history.
_KIVA_FROM = date(2007, 1, 1) if ALL else date(2007, 4, 1)
_NIGERIA_FROM = date(2016, 3, 1) if ALL else date(2017, 1, 1)
_NIGERIA_UNTIL = date(2017, 7, 31) if ALL else date(2017, 2, 28)


def test_real_loans_reach_their_known_standings(target: Target, tmp_path: Path):
    """Replay Kiva's loans from 2007, skip seven years without payments, then the Nigerian ones."""
    began = time.monotonic()
    replay = Replay(target, tmp_path)
    kiva, nigerian = _kiva(), _nigerian()
    replay.deliver(kiva, _KIVA_FROM)
    _play(replay, kiva, _KIVA_FROM, date(2008, 7, 31) if ALL else date(2007, 12, 31))
    for each in [] if ALL else kiva:
        replay.post(each, until=date(2014, 12, 31))
    replay.review(date(2015, 1, 5), every_day=ALL)
    _check(replay, kiva, date(2015, 1, 5))
    replay.deliver(nigerian, _NIGERIA_FROM, every_day=ALL)
    _play(replay, nigerian, _NIGERIA_FROM, _NIGERIA_UNTIL)
    _check_totals(replay, kiva, nigerian)
    print(f"\n{replay.summary()}, {time.monotonic() - began:.0f} s")


def _play(replay: Replay, loans: list[RealLoan], start: date, end: date) -> None:
    """Post payments made on a review day after the review, as they would arrive in the day."""
    references, checked = _references(loans), start.month
    for day in _review_days(loans, references, start, end):
        for each in loans:
            replay.post(each, until=day - _DAY)
        replay.review(day)
        closing = [each for each in references.get(day, ()) if each.before_closing]
        for reference in closing:
            found = replay.standing(reference.loan_id, day)
            assert found["days_past_due"] == reference.dpd, reference
            replay.compared += 1
        for each in loans:
            replay.post(each, until=day)
        replay.wait_until_idle()
        if day.month != checked or len(closing) < len(references.get(day, ())):
            _check(replay, loans, day)
            checked = day.month
            print(f"{day} {replay.summary()}", flush=True)


def _review_days(
    loans: list[RealLoan], references: dict[date, list[Reference]], start: date, end: date
) -> list[date]:
    """Return each day with a payment (or one per fortnight), and each with a reference."""
    paid_on = {row.value_date for each in loans for row in each.payments}
    fortnightly = {start + 14 * count * _DAY for count in range((end - start).days // 14 + 1)}
    days = (paid_on if ALL else fortnightly) | references.keys() | {end}
    return sorted(day for day in days if start <= day <= end)


def _check(replay: Replay, loans: list[RealLoan], day: date) -> None:
    """Check every stored standing, and the API's answer where the reference has a row."""
    rows = {r.loan_id: r for r in _references(loans).get(day, ()) if not r.before_closing}
    stored = replay.stored([each.loan_id for each in loans])
    for each in loans:
        dpd, arrears = plain_standing(each, day)
        assert stored[each.loan_id].on(day) == (dpd, arrears), (each.loan_id, day)
        if row := rows.get(each.loan_id):
            answer = replay.standing(each.loan_id, day)
            found = answer["days_past_due"], Decimal(answer["overdue"]["total"])
            assert found == (row.dpd, row.arrears) == (dpd, arrears), (each.loan_id, day)
            replay.compared += 1
    replay.compared += len(loans)


def _check_totals(replay: Replay, kiva: list[RealLoan], nigerian: list[RealLoan]) -> None:
    """Check that nothing failed, no money is lost, and nobody gets too many messages."""
    facts = read_facts(replay.target, _KIVA_FROM)
    assert facts.paid_minor == {
        currency: facts.allocated_minor[currency] + facts.credit_minor[currency]
        for currency in facts.paid_minor
    }
    assert replay.posted + replay.history == sum(
        row.value_date <= _NIGERIA_UNTIL for each in kiva + nigerian for row in each.payments
    )
    replay.executions = replay.count_executions()
    assert set(replay.executions) <= {"SUCCEEDED", "RUNNING"}
    assert replay.executions["RUNNING"] == sum(facts.stages.values())
    assert replay.failures() == []
    assert sum(facts.messages.values()) == sum(replay.sent().values())
    assert replay.most_messages_in_a_week() <= 2
    defaulted = [each.loan_id for each in kiva if "not paid in full" in each.oddities]
    # Late for years: by the careful default they are too old to be claimed, and nobody is pressed.
    for loan_id in defaulted:
        held = replay.stored_stage(loan_id), replay.restraints(loan_id)
        assert held == ("on_hold", {"time_barred"}), loan_id


def _references(loans: list[RealLoan]) -> dict[date, list[Reference]]:
    ids = {each.loan_id for each in loans}
    found: dict[date, list[Reference]] = {}
    for each in read_real_portfolio().references:
        if each.loan_id in ids:
            found.setdefault(each.as_of, []).append(each)
    return found


def _kiva() -> list[RealLoan]:
    """Return all, or 44: those ever in arrears, those with oddities, some from each country."""
    loans = [each for each in _shuffled() if each.source == "kiva"]
    if ALL:
        return loans
    behind = {r.loan_id for r in read_real_portfolio().references if r.dpd}
    chosen = [each for each in loans if each.loan_id in behind]
    for oddity in ("not paid in full", "paid before disbursement", "paid over"):
        chosen += [each for each in loans if oddity in each.oddities][:6]
    for country in sorted({each.borrower.country for each in loans}):
        chosen += [each for each in loans if each.borrower.country == country][:1]
    distinct = dict.fromkeys(each.loan_id for each in chosen + loans)
    return [read_real_portfolio().loans[loan_id] for loan_id in list(distinct)[:44]]


def _nigerian() -> list[RealLoan]:
    """Return all, or 40 that start and end within the two months: late payers first."""
    loans = [each for each in _shuffled() if each.source != "kiva"]
    if ALL:
        return loans
    whole = [
        each
        for each in loans
        if each.loan.disbursed_on >= _NIGERIA_FROM
        and each.payments[-1].value_date <= _NIGERIA_UNTIL
    ]
    late = [e for e in whole if e.payments[-1].value_date > e.instalments[0].due_date][:20]
    distinct = dict.fromkeys(each.loan_id for each in late + whole)
    return [read_real_portfolio().loans[loan_id] for loan_id in list(distinct)[:40]]


def _shuffled() -> list[RealLoan]:
    """Return the loans in a stable order unrelated to their data."""
    loans = read_real_portfolio().loans
    return [loans[loan_id] for loan_id in sorted(loans, key=lambda each: crc32(each.encode()))]
