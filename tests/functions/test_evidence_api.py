"""Evidence of a dispute over the API: who may add to it, who may see it."""

from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime

import pytest

from functions import notes_api
from recovery.domain.accounting.said import DisputeKind, DisputeOutcome
from recovery.domain.agreements.evidence import EvidenceDocument
from recovery.domain.agreements.fact_request import DisputeAnswered, DisputeMade, FactRequest
from recovery.domain.shared.actor import Role
from recovery.domain.shared.audit import Act
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.accounting.record_fact import record_fact
from tests.builders import a_loan, a_state, an_actor
from tests.conftest import Context

ANA = "arn:aws:iam::111122223333:user/advisor-ana"
TODAY = date(2026, 2, 2)
DISPUTE = DisputeMade(TODAY, DisputeKind.PAID_ALREADY, 5_000)
REJECTED = DisputeAnswered("DIS-1", TODAY, DisputeOutcome.REJECTED, "It was another loan's.")


@pytest.fixture
def call(wiring, load_event):
    loan = a_loan(advisor_name="Otto Officer")
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    wiring.institutions.save_actor("umoja", an_actor("Ana Torres", Role.SUPERVISOR, id=ANA))

    def call(name: str, body=None, path: str | None = None):
        event = copy.deepcopy(load_event(name))
        event["body"] = event["body"] if body is None else json.dumps(body)
        event["path"] = path or event["path"]
        answer = notes_api.handler(event, Context(), wiring)
        return answer["statusCode"], json.loads(answer["body"])

    return call


@pytest.fixture
def say(call, wiring):
    """Record what the person said of the loan."""

    def say(fact_id: str, fact: object) -> None:
        request = FactRequest(fact_id=fact_id, loan_id="L-1", fact=fact, reason="as said")
        lena = an_actor("Lena Legal", Role.LEGAL, id="lena")
        record_fact(request, lena, wiring.now(), wiring)

    return say


def show(wiring, *ids: str) -> None:
    at = datetime(2026, 2, 2, 8, tzinfo=UTC)
    documents = [EvidenceDocument(each, "image/png", 9, at, "https://x") for each in ids]
    wiring.evidence.documents["L-1", "DIS-1"] = documents


def test_a_document_is_invited_and_listed_and_both_go_on_record(call, say, wiring) -> None:
    say("DIS-1", DISPUTE)
    code, form = call("notes_api.invite_evidence")
    assert code == 200
    assert form == {
        "document_id": "receipt-1",
        "url": "https://evidence.example",
        "fields": {"key": "L-1/DIS-1/receipt-1", "Content-Type": "image/jpeg"},
        "most_bytes": 10_485_760,
        "until": "2026-02-02T07:15:00+00:00",
    }
    show(wiring, "receipt-1")
    code, listed = call("notes_api.list_evidence")
    assert (code, [each["document_id"] for each in listed["documents"]]) == (200, ["receipt-1"])
    acts = [(each.act, each.about) for each in wiring.audit.of_person("B-1")]
    assert acts == [(Act.EVIDENCE_INVITED, "receipt-1"), (Act.EVIDENCE_LISTED, "DIS-1")]


def test_what_comes_during_a_legal_hold_is_kept(call, say, wiring) -> None:
    say("DIS-1", DISPUTE)
    wiring.borrowers.place_hold("B-1")
    assert call("notes_api.invite_evidence")[1]["fields"]["key"].endswith("/kept")


def test_whom_the_dispute_concerns_and_systems_see_nothing(call, say, wiring) -> None:
    say("DIS-1", DISPUTE)
    wiring.institutions.save_actor("umoja", an_actor("Otto Officer", Role.SUPERVISOR, id=ANA))
    code, problem = call("notes_api.list_evidence")
    assert (code, "concerns" in str(problem)) == (403, True)
    wiring.institutions.save_actor("umoja", an_actor("Core", Role.SERVICE, id=ANA))
    assert call("notes_api.list_evidence")[0] == 403
    assert (
        call("notes_api.invite_evidence")[0] == 200
    )  # the page on which the person uploads is a system


def test_a_dispute_takes_no_document_twice_and_none_once_it_is_answered(call, say, wiring) -> None:
    say("DIS-1", DISPUTE)
    show(wiring, "receipt-1")
    code, problem = call("notes_api.invite_evidence")
    assert (code, problem["errors"][0]["field"]) == (422, "document_id")
    say("END-1", REJECTED)
    body = {"document_id": "other", "content_type": "image/png"}
    code, problem = call("notes_api.invite_evidence", body)
    assert (code, problem["errors"][0]["field"]) == (422, "dispute_id")
    assert call("notes_api.list_evidence")[0] == 200


@pytest.mark.parametrize(
    ("changes", "field"), [({"content_type": "text/html"}, "content_type"), ({"size": 3}, "size")]
)
def test_only_pictures_and_pdfs_are_taken(call, say, changes, field) -> None:
    say("DIS-1", DISPUTE)
    body = {"document_id": "page", "content_type": "image/png"} | changes
    code, problem = call("notes_api.invite_evidence", body)
    assert (code, problem["errors"][0]["field"]) == (422, field)


def test_what_is_no_dispute_has_no_evidence(call, say) -> None:
    say("DIS-2", DISPUTE)
    for name in ("notes_api.invite_evidence", "notes_api.list_evidence"):
        code, problem = call(name)
        assert (code, problem["errors"][0]["field"]) == (404, "dispute_id")
    path = "/institutions/umoja/loans/L-404/disputes/DIS-1/evidence"
    assert call("notes_api.list_evidence", path=path)[0] == 404
