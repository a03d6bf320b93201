"""Options as a borrower meets them, and what holds for every loan and every capacity."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recovery.domain.accounting.history import ScheduleVersion, Waiver
from recovery.domain.accounting.ledger import build_ledger
from recovery.domain.accounting.loan import Payment
from recovery.domain.agreements.capacity import average, by_month_of
from recovery.domain.agreements.household import NO_MONTHS, steady
from recovery.domain.agreements.option_kinds import CONCESSIONS, FIRST, KEEPS_ALL, Difficulty, Kind
from recovery.domain.agreements.options import options_for
from recovery.domain.agreements.policy import OptionsPolicy, SettlementTier
from recovery.domain.agreements.restructuring import restructure
from recovery.domain.shared.actor import Role
from tests.households import a_capacity
from tests.troubles import LATE, TIERS, a_trouble, an_account


def kinds(trouble):
    return [each.kind for each in options_for(trouble).best]


def why_not(trouble):
    return {each.kind: each.code for each in options_for(trouble).refused}


LEAN = (20_000, 20_000, 20_000, 0, 0, 0, *(20_000,) * 6)


def test_a_lean_season_asks_for_other_dates() -> None:
    short = an_account(17_000, instalments=6, annual_rate_pct=Decimal(12), principal_minor=60_000)
    trouble = a_trouble(
        account=short, reason=Difficulty.LEAN_SEASON, capacity=a_capacity(free_by_month=LEAN)
    )
    best = options_for(trouble).best
    assert {each.kind for each in best} & {Kind.SHIFT, Kind.HOLIDAY}
    for each in best:
        assert all(day.month not in (4, 5, 6) for day, _ in each.found.payments)


def test_less_income_asks_for_lower_instalments() -> None:
    trouble = a_trouble(reason=Difficulty.LESS_INCOME, capacity=a_capacity(9_000))
    found = options_for(trouble)
    assert {each.kind for each in found.best} <= {*FIRST[Difficulty.LESS_INCOME]}
    assert all(each.largest_month_minor <= 9_000 for each in found.best)
    assert all(amount <= 9_000 for each in found.best for _, amount in each.found.payments)


def test_a_one_off_asks_for_a_break_or_parts() -> None:
    chosen = kinds(a_trouble(reason=Difficulty.ONE_OFF))
    assert Kind.PLAN in chosen and Kind.HOLIDAY in chosen


def test_money_that_comes_on_another_day_moves_the_due_day() -> None:
    trouble = a_trouble(
        account=an_account(11_347, 11_347, 11_347), reason=Difficulty.OTHER_DAY, due_day=20
    )
    [shift] = [each for each in options_for(trouble).best if each.kind is Kind.SHIFT]
    assert {day.day for day, _ in shift.found.payments} == {20}
    assert shift.approved_by is Role.ADVISOR  # it hides no arrears


def test_nothing_is_let_go_while_something_else_fits() -> None:
    found = options_for(a_trouble(account=an_account(11_347, penalty_minor=500)))
    assert all(each.kind in KEEPS_ALL and not each.found.let_go_minor for each in found.best)
    assert why_not(a_trouble())[Kind.WAIVE_INTEREST] == "not_needed"


def test_who_cannot_be_helped_by_a_lower_instalment_gets_a_settlement() -> None:
    trouble = a_trouble(capacity=a_capacity(0), reason=Difficulty.LASTING, lump_sum_minor=80_000)
    [option] = options_for(trouble).best
    assert option.kind is Kind.SETTLEMENT
    assert option.found.payments == ((LATE + timedelta(days=30), 80_000),)
    assert option.approved_by is Role.LEGAL  # more than a fifth is let go
    assert option.found.let_go_minor == options_for(trouble).today_minor - 80_000
    more = options_for(replace(trouble, lump_sum_minor=110_000)).best
    assert more[0].approved_by is Role.SUPERVISOR


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({"account": an_account(11_347, 11_347, 11_347)}, Kind.PLAN, "nothing_overdue"),
        ({"account": an_account(11_347, 11_347, 11_347)}, Kind.REAMORTISE, "nothing_overdue"),
        ({"on": date(2027, 6, 1)}, Kind.REAMORTISE, "nothing_ahead"),
        ({"capacity": a_capacity(100)}, Kind.PLAN, "above_capacity"),
        ({"policy": OptionsPolicy()}, Kind.RATE_CUT, "no_lower_rate"),
        ({}, Kind.WAIVE_PENALTIES, "nothing_to_waive"),
        ({"policy": OptionsPolicy()}, Kind.SETTLEMENT, "no_authority"),
        ({"policy": OptionsPolicy()}, Kind.WAIVE_INTEREST, "no_authority"),
        ({"capacity": a_capacity(0)}, Kind.SETTLEMENT, "no_lump_sum"),
        ({"capacity": a_capacity(0)}, Kind.LOWER_INSTALMENT, "above_capacity"),
    ],
)
def test_a_refused_option_says_why(changes, kind, code) -> None:
    assert why_not(a_trouble(**changes))[kind] == code


def test_a_loan_that_owes_nothing_needs_no_help() -> None:
    paid = an_account(11_347, principal_minor=11_124, instalments=1)
    found = options_for(a_trouble(account=paid))
    assert (found.best, {each.code for each in found.refused}) == ((), {"not_possible"})


def test_what_hides_arrears_or_repeats_takes_a_supervisor() -> None:
    found = {each.kind: each for each in options_for(a_trouble(reason=Difficulty.ONE_OFF)).best}
    assert found[Kind.PLAN].approved_by is Role.ADVISOR
    assert found[Kind.HOLIDAY].approved_by is Role.SUPERVISOR
    current = an_account(11_347, 11_347, 11_347)
    version = ScheduleVersion(2, LATE - timedelta(days=30), "reage", current.schedule)
    again = replace(current, history=replace(current.history, versions=(version,)))
    for account, role in ((current, Role.ADVISOR), (again, Role.SUPERVISOR)):
        trouble = a_trouble(account=account, reason=Difficulty.LESS_INCOME)
        roles = {each.approved_by for each in options_for(trouble).best if each.found.action}
        assert roles == {role}


def test_every_kind_is_considered_once() -> None:
    for reason in Difficulty:
        found = options_for(a_trouble(reason=reason))
        considered = [each.kind for each in (*found.best, *found.refused)]
        assert sorted(considered) == sorted(Kind)


amounts = st.integers(0, 14_000)
troubles = st.builds(
    lambda paid, rate, count, free, ceiling, margin, own, day, reason, penalty, lump: a_trouble(
        account=an_account(
            *paid, penalty_minor=penalty, annual_rate_pct=Decimal(rate), instalments=count
        ),
        capacity=a_capacity(free_by_month=free, ceiling_minor=ceiling, margin_percent=margin),
        on=date(2026, 4, 10) + timedelta(days=day),
        own=own,
        reason=reason,
        lump_sum_minor=lump,
        policy=OptionsPolicy(
            tiers=(SettlementTier(role="advisor", most_percent=5), *TIERS),
            lower_rates_pct=(Decimal(12),),
        ),
    ),
    paid=st.lists(amounts, max_size=4),
    rate=st.sampled_from([0, 12, 24]),
    count=st.integers(3, 18),
    free=st.tuples(*[st.integers(-1_000, 60_000)] * 12),
    ceiling=st.none() | st.integers(5_000, 60_000),
    margin=st.integers(0, 40),
    own=st.just(NO_MONTHS) | st.just(steady(2_000)),
    day=st.integers(0, 400),
    reason=st.sampled_from(list(Difficulty)),
    penalty=st.integers(0, 900),
    lump=st.integers(0, 150_000),
)


@settings(max_examples=60, deadline=None)
@given(troubles)
def test_no_option_is_above_capacity_and_what_is_shown_is_what_is_booked(trouble) -> None:
    found = options_for(trouble)
    account, on = trouble.account, trouble.on
    usable = trouble.capacity.usable(trouble.own)
    ceiling = trouble.capacity.ceiling_beside(trouble.own)
    assert len(found.best) <= 3
    totals = [each.found.total_minor for each in found.best]
    assert totals == sorted(totals)  # the borrower's total cost before the instalment
    for each in found.best:
        payments = each.found.payments
        if each.kind is Kind.SETTLEMENT:
            assert each.found.total_minor + each.found.let_go_minor == found.today_minor
            by = on + timedelta(days=trouble.policy.settlement_days)
            payments = tuple(e for e in payments if e[0] != by or not trouble.lump_sum_minor)
        for (_, month), asked in by_month_of(payments, on).items():
            assert asked <= usable[month - 1]
        if ceiling is not None:
            assert average(payments, on) <= ceiling
        assert each.extra_minor == each.found.total_minor - found.today_minor
        if each.kind is Kind.PLAN:
            assert sum(part.amount_minor for part in each.found.parts) == found.overdue_minor
            assert each.extra_minor == 0
        if each.found.action is not None:
            booked = restructure(
                account, each.found.action, on, trouble.rules, waive=each.found.waive
            )
            outstanding = booked.after.standing.outstanding.total
            assert outstanding == each.found.total_minor
        if each.kind not in (*CONCESSIONS, Kind.SETTLEMENT):
            assert not each.found.let_go_minor
        elif each.kind is not Kind.RATE_CUT:
            assert each.found.let_go_minor > 0


@settings(max_examples=40, deadline=None)
@given(troubles)
def test_a_settlement_paid_leaves_nothing_once_the_rest_is_waived(trouble) -> None:
    best = options_for(replace(trouble, capacity=a_capacity(0))).best
    for each in best:
        assert each.kind is Kind.SETTLEMENT
        account = trouble.account
        paid_on = each.last_on
        payment = Payment("S", paid_on, each.found.total_minor)
        waivers = tuple(
            Waiver(paid_on, name) for name in ("principal", "interest", "fee", "penalty")
        )
        history = replace(
            account.history,
            payments=(*account.history.payments, payment),
            waivers=waivers,
        )
        ledger = build_ledger(account.schedule, history, trouble.rules.allocation, (), paid_on)
        rows = zip(ledger.schedule, ledger.position.paid, strict=True)
        assert not sum(row.due.total - paid.total for row, paid in rows)


@settings(max_examples=30, deadline=None)
@given(troubles)
def test_all_is_tried_in_every_difficulty_and_twice_the_same_gives_the_same(trouble) -> None:
    once, twice = options_for(trouble), options_for(trouble)
    assert once == twice
    considered = [each.kind for each in (*once.best, *once.refused)]
    assert sorted(considered) == sorted(Kind)
