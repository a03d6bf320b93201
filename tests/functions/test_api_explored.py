"""Schemathesis asks the API what its document allows, and what it does not: nothing breaks.

Requests go to the functions themselves, over fakes that start with a loan, its borrower, and a
person of the institution who has every role.
"""

from __future__ import annotations

import copy
import logging
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS

from recovery.domain.shared.actor import Role
from recovery.ports.accounting import StoredLoan
from recovery.ports.institutions import InstitutionNotFoundError
from tests.api_document import document
from tests.builders import a_loan, a_state, an_actor
from tests.conftest import wiring_of_fakes
from tests.functions.gateway import Gateway

ANA = "arn:aws:iam::111122223333:user/ana"
KNOWN = {"institution_id": "umoja", "loan_id": "L-1", "person_id": "B-1"}
# Checks that ask what this API does not promise: a request that fits the document may still not fit
# what is on record; API Gateway checks signatures, and answers 403, not 405, for another method.
NOT_PROMISED = (
    *("positive_data_acceptance", "ignored_auth", "missing_required_header"),
    *("unsupported_method", "allow_header_conformance"),
)


def lent() -> Any:
    """Return ports with a loan, its borrower and a person of the institution."""
    wiring = wiring_of_fakes()
    loan = a_loan()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    wiring.of = lambda institution_id: _only(institution_id, wiring)
    wiring.institutions.save_actor("umoja", an_actor(id=ANA, roles=frozenset(Role)))
    return wiring


def _only(institution_id: str, wiring: Any) -> Any:
    """Return the ports of the one institution; the fakes themselves know of no other."""
    if institution_id != KNOWN["institution_id"]:
        raise InstitutionNotFoundError(institution_id)
    return wiring


def asked() -> dict[str, Any]:
    """Return the document, whose places in paths name mostly what is on record."""
    found = copy.deepcopy(document())
    for calls in found["paths"].values():
        for call in calls.values():
            call["security"] = []  # API Gateway checks signatures
            for each in call.get("parameters", ()):
                if each["name"] in KNOWN:
                    each["schema"] = {"enum": [KNOWN[each["name"]], "none"]}
    return found


schema = schemathesis.openapi.from_wsgi("/v1/openapi.json", Gateway(lent(), ANA, asked()))


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


@pytest.mark.slow
@schema.exclude(path_regex="^/(openapi.json|unsubscribe)").parametrize()
@settings(
    max_examples=6,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_nothing_that_is_sent_breaks_what_the_document_promises(case: Any) -> None:
    if any("?" in str(each) for each in case.path_parameters.values()):
        return  # the client would take what follows for a query
    refused = [each for each in CHECKS.get_all() if each.__name__ in NOT_PROMISED]
    case.call_and_validate(excluded_checks=refused)
