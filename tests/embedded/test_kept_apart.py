"""Notes and evidence on the embedded AWS: keys of their own, read by who may, expiring."""

from __future__ import annotations

import urllib.request
from typing import Any
from uuid import uuid4

from recovery.adapters.dynamodb import keys
from recovery.domain.shared.actor import Actor, Role
from tests.embedded.inside import items_of
from tests.embedded.lender import DAY, MONDAY, Lender

ILLNESS = "her eyes, since the summer"
PICTURE = b"%PDF-1.4 a receipt"


def call(lender: Lender, method: str, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
    return lender.target.call_api(method, path, body or None, of=lender.id)


def let_caller_be(lender: Lender, *roles: Role) -> None:
    """Put whoever signs the requests on record with these roles."""
    arn = lender.target.client("sts").get_caller_identity()["Arn"]
    person = Actor(id=arn, name="Ana Torres", roles=frozenset(roles))
    lender.wiring.institutions.save_actor(lender.id, person)


def test_a_note_is_sealed_and_read_by_the_trained_alone(make_lender) -> None:
    lender = make_lender()
    loan_id = lender.lend_one(MONDAY)
    person_id = lender.wiring.loans.load(loan_id).loan.borrower_id
    path = f"/persons/{person_id}/notes"
    consent = {"given": True, "given_on": str(MONDAY), "means": "by_phone"}
    note = {"note_id": "N-1", "topic": "health", "text": ILLNESS, "consent": consent}
    code, refused = call(lender, "POST", path, **note)
    assert code == 403, refused
    let_caller_be(lender, Role.TRAINED)
    code, answer = call(lender, "POST", path, **note)
    assert (code, "text" in answer) == (201, False), answer
    pk = keys.partition(keys.NOTE, lender.id, person_id)
    (stored,) = items_of(lender.target, pk)
    assert ILLNESS not in str(stored) and int(stored["expires_at"]["N"]) > 0
    code, answer = call(lender, "GET", path)
    assert [each["text"] for each in answer["notes"]] == [ILLNESS]
    let_caller_be(lender, Role.ADVISOR)
    assert call(lender, "GET", path)[0] == 403


def test_a_document_is_posted_once_with_the_form_and_read_by_a_short_lived_link(
    make_lender,
) -> None:
    lender = make_lender()
    loan_id = lender.lend_one(MONDAY)
    lender.review_daily(MONDAY + DAY, MONDAY + DAY)
    dispute = {"fact_id": "D-1", "kind": "dispute", "about": "paid_already", "reason": "paid"}
    code, answer = call(lender, "POST", f"/loans/{loan_id}/facts", **dispute)
    assert code == 201, answer
    path = f"/loans/{loan_id}/disputes/D-1/evidence"
    invited = {"document_id": "receipt", "content_type": "application/pdf"}
    code, form = call(lender, "POST", path, **invited)
    assert code == 200, form
    assert post_form(form, PICTURE) in (200, 201, 204)
    let_caller_be(lender, Role.SUPERVISOR)
    code, listed = call(lender, "GET", path)
    ((document,),) = [listed["documents"]]
    assert code == 200 and document["document_id"] == "receipt"
    with urllib.request.urlopen(document["link"], timeout=10) as answer_of_store:
        assert answer_of_store.read() == PICTURE


def post_form(form: dict[str, Any], content: bytes) -> int:
    """Post a document with the form, as a browser does; return the status."""
    boundary = uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in form["fields"].items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
    body = "".join((*parts, head)).encode() + content + f"\r\n--{boundary}--\r\n".encode()
    request = urllib.request.Request(
        form["url"],
        body,
        {"Content-Type": f"multipart/form-data; boundary={boundary}"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return int(answer.status)
