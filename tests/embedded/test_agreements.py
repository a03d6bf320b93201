"""A payment plan on the embedded AWS: offered and agreed through the API, breached and cured."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from recovery.documents.agreements.assessment_request import assessment_request
from recovery.domain.agreements.policy import OptionsPolicy, SettlementTier
from recovery.domain.shared.actor import Role
from recovery.use_cases.agreements.assess import record_assessment
from tests.builders import an_actor, months_after
from tests.embedded.lender import DAY, MONDAY, Lender

SUPERVISOR = an_actor("Ana Torres", Role.SUPERVISOR, Role.ADVISOR)
HOUSEHOLD = {
    "incomes": [{"source": "wage", "amount": "900.00", "evidence": "documented"}],
    "expenses": "300.00",
}


POOR = {**HOUSEHOLD, "expenses": "899.00"}


def assess(lender: Lender, person_id: str, household: Any = HOUSEHOLD) -> None:
    """Put the household's capacity on record, as the command line does."""
    asked = {"assessment_id": "A-1", "currency": "PEN", "household": household}
    ports = lender.wiring
    request = assessment_request(json.dumps(asked))
    record_assessment(lender.id, person_id, request, SUPERVISOR, ports.now(), ports)


def fact(lender: Lender, loan_id: str, kind: str, **body: Any) -> tuple[int, dict[str, Any]]:
    """Post a fact through the API, and wait until what follows is done."""
    path = f"/loans/{loan_id}/facts"
    said = {"kind": kind, "reason": "told", **body}
    answer = lender.target.call_api("POST", path, said, of=lender.id)
    lender.wait_until_idle()
    return answer


def calls(lender: Lender) -> list[str]:
    """Return the ids of the open calls after a breach."""
    opened = lender.wiring.tasks.open_tasks("advisor")
    return [each.about for each in opened if "refit" in each.reason]


def test_a_plan_is_agreed_breached_and_cured(make_lender) -> None:
    lender = make_lender()
    later = months_after(date(MONDAY.year, MONDAY.month, 3), 1)
    loan_id = lender.lend_one(MONDAY, later)
    lender.review_daily(MONDAY + DAY, MONDAY + DAY)
    person_id = lender.wiring.loans.load(loan_id).loan.borrower_id
    assert fact(lender, loan_id, "offer", fact_id="OF-1")[0] == 422  # no capacity yet
    assess(lender, person_id)
    code, offer = fact(lender, loan_id, "offer", fact_id="OF-1", difficulty="one_off")
    assert code == 201, offer
    assert len(offer["options"]) + len(offer["refused"]) == 12
    yes = {
        **{"fact_id": "AG-1", "offer_id": "OF-1", "option": "payment_plan"},
        **{"yes": "paper", "proof": "DOC-1", "signed_by": [person_id]},
    }
    code, problem = fact(lender, loan_id, "agreement", **yes)
    assert (code, problem["errors"][0]["field"]) == (422, "by")  # a system agrees on nothing
    arn = lender.target.client("sts").get_caller_identity()["Arn"]
    ana = an_actor("Ana Torres", Role.ADVISOR, id=arn)
    lender.wiring.institutions.save_actor(lender.id, ana)
    code, agreed = fact(lender, loan_id, "agreement", **yes)
    assert code == 201, agreed
    assert sum(float(each["amount"]) for each in agreed["parts"]) == 100.0
    assert lender.states(loan_id)[-1] == "KeepAgreement"

    first = date.fromisoformat(agreed["payments"][0]["on"])
    breached_on = first + 7 * DAY
    lender.review(breached_on - DAY)
    assert lender.states(loan_id)[-1] == "KeepAgreement"
    assert lender.standing(loan_id)["plans"][0]["status"] == "late"
    lender.review(breached_on)
    assert lender.standing(loan_id)["plans"][0]["status"] == "breached"
    assert lender.states(loan_id)[-1] == "EarlyManagement"
    assert calls(lender) == ["AG-1"]

    lender.pay(loan_id, agreed["payments"][0]["amount"], breached_on)
    lender.review(breached_on + DAY)
    assert lender.standing(loan_id)["plans"][0]["status"] == "completed"
    assert calls(lender) == []
    assert lender.states(loan_id)[-1] == "PaidOff"


def test_a_settlement_lets_the_rest_go_once_its_sum_is_in(make_lender) -> None:
    tiers = (SettlementTier(role="supervisor", most_percent=50),)
    lender = make_lender(options=OptionsPolicy(tiers=tiers, most_extra_instalments=0))
    later = months_after(date(MONDAY.year, MONDAY.month, 3), 1)
    loan_id = lender.lend_one(MONDAY, later)
    lender.review_daily(MONDAY + DAY, MONDAY + DAY)
    person_id = lender.wiring.loans.load(loan_id).loan.borrower_id
    assess(lender, person_id, POOR)
    said = {"difficulty": "lasting", "lump_sum": "120.00"}
    code, offer = fact(lender, loan_id, "offer", fact_id="OF-1", **said)
    assert code == 201, offer
    assert [each["kind"] for each in offer["options"]] == ["settlement"], offer
    arn = lender.target.client("sts").get_caller_identity()["Arn"]
    lender.wiring.institutions.save_actor(lender.id, an_actor("Ana", Role.SUPERVISOR, id=arn))
    yes = {
        **{"fact_id": "AG-1", "offer_id": "OF-1", "option": "settlement"},
        **{"yes": "paper", "proof": "DOC-1", "signed_by": [person_id]},
    }
    code, agreed = fact(lender, loan_id, "agreement", **yes)
    assert code == 201, agreed
    assert lender.states(loan_id)[-1] == "KeepAgreement"
    lender.pay(loan_id, offer["options"][0]["total"], MONDAY + DAY)
    standing = lender.standing(loan_id)
    assert standing["outstanding"]["total"] == "0.00"
    assert standing["plans"][0]["status"] == "completed" and standing["forbearance"]["marked"]
    assert lender.states(loan_id)[-1] == "Settled"
    waived = [e for e in lender.wiring.loans.recorded(loan_id).facts if e.kind == "waiver"]
    assert waived
