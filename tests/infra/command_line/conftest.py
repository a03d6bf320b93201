"""A deployment of fakes for commands, with one loan that is a day late."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import pytest

from infra.command_line import (
    agree,
    agreements,
    claims,
    contacts,
    facts,
    holds,
    loan_status,
    parties,
    promises,
    restructure,
)
from infra.command_line.options import console
from infra.deployment.target import Target
from recovery.ports.accounting import StoredLoan
from tests.builders import a_loan, a_state


@pytest.fixture
def lending(monkeypatch: pytest.MonkeyPatch, wiring: SimpleNamespace) -> SimpleNamespace:
    """The ports of umoja, which lent L-1; the commands about a loan find them."""
    loan = a_loan()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    target = SimpleNamespace(wiring=wiring, of=wiring.of, embedded=object())
    target.institution = partial(Target.institution, target)
    about_loans = agree, agreements, claims, contacts, facts, holds, loan_status, parties
    for module in (*about_loans, promises, restructure):
        monkeypatch.setattr(module, "find_target", lambda *, real: target)
    monkeypatch.setattr(console, "_width", 200)  # its width may be fixed by the environment
    return wiring
