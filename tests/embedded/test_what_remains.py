"""Runs last: what the logs and queues contain, and what they must not."""

from __future__ import annotations

import pytest

from infra.deployment.target import Target
from infra.embedded import aws as embedded_aws
from tests.embedded.inside import log_text, take_from
from tests.embedded.lender import DAY, MONDAY, Lender
from tests.embedded.people import EVERYBODY

_OWN_LINES = ("[ses", "[sns")  # the embedded AWS itself logs recipients


@pytest.fixture
def traffic(lender: Lender) -> str:
    """Make a loan that gets a message, for when this file runs alone."""
    loan_id = lender.lend_one(MONDAY)
    lender.review(MONDAY + DAY)
    lender.pay(loan_id, "100.00", MONDAY + DAY)
    return loan_id


def embedded_log() -> list[str]:
    """Return the log lines of the embedded AWS and its functions."""
    return embedded_aws.LOG.read_text(encoding="utf-8", errors="replace").splitlines()


def test_the_logs_contain_no_personal_data(target: Target, traffic: str):
    lines = [each for each in embedded_log() if not any(own in each for own in _OWN_LINES)]
    lines += log_text(target).splitlines()
    assert len(lines) > 100 and EVERYBODY
    private = [value for each in EVERYBODY for value in (each.name, each.email, each.phone)]
    leaks = [line for line in lines if any(value in line for value in private)]
    assert leaks == []


def test_the_functions_log_to_cloudwatch(target: Target, traffic: str):
    assert "LoansReviewed" in log_text(target)


def test_no_call_was_denied(target: Target, traffic: str):
    words = ("accessdenied", "not authorized", "access denied")
    lines = [*embedded_log(), *log_text(target).splitlines()]
    assert [line for line in lines if any(word in line.lower() for word in words)] == []


def test_every_dead_letter_queue_is_empty(target: Target, traffic: str):
    queues = {n: url for n, url in target.outputs.items() if n.startswith("Failed")}
    assert len(queues) == 10
    assert {name: found for name, url in queues.items() if (found := take_from(target, url))} == {}
