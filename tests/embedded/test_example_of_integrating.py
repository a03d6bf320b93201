"""The example for integrators runs as it stands, as a program of its own, against the API."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request

from infra.layers.platform import ROOT
from tests.api_document import document
from tests.embedded.lender import DAY, MONDAY, Lender

EXAMPLE = ROOT / "events" / "integrate.py"


def run(lender: Lender, loan_id: str, currency: str) -> subprocess.CompletedProcess[str]:
    words = [lender.target.api_url, lender.id, loan_id, currency, MONDAY.isoformat()]
    return subprocess.run(
        [sys.executable, str(EXAMPLE), *words],
        env={**os.environ, "AWS_DEFAULT_REGION": "us-east-1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_example_runs_and_a_refusal_says_why_in_one_line(lender: Lender) -> None:
    loan_id = lender.lend_one(MONDAY - 10 * DAY, MONDAY + 20 * DAY)
    currency = lender.wiring.loans.load(loan_id).loan.currency
    done = run(lender, loan_id, currency)
    assert done.returncode == 0, done.stderr
    assert "held by ['dispute']" in done.stdout
    recorded = lender.wiring.loans.recorded(loan_id)
    assert len(recorded.payments) == 2
    assert {each.kind for each in recorded.facts} == {"promise", "dispute"}
    other = "EUR" if currency != "EUR" else "KES"
    refused = run(lender, loan_id, other)
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr


def test_the_api_describes_itself_unsigned_at_the_url_that_is_printed(lender: Lender) -> None:
    with urllib.request.urlopen(f"{lender.target.api_url}openapi.json", timeout=30) as answer:
        assert json.load(answer) == document()
    with urllib.request.urlopen(f"{lender.target.api_url}reference", timeout=30) as answer:
        assert answer.headers["Content-Type"].startswith("text/html")
    with urllib.request.urlopen(f"{lender.target.api_url}problems/conflict", timeout=30) as answer:
        assert b"409" in answer.read()


def test_a_batch_is_posted_over_http_and_a_repeat_posts_nothing(lender: Lender) -> None:
    loans = [lender.lend_one(MONDAY + 30 * DAY) for _ in range(3)]
    currency = lender.wiring.loans.load(loans[0]).loan.currency
    rows = [
        {
            "payment_id": f"{loans[n % 3]}-batch-{n}",
            "loan_id": loans[n % 3],
            "amount": "0.10",
            "currency": currency,
            "value_date": MONDAY.isoformat(),
        }
        for n in range(60)
    ]
    for posted, repeated in ((60, 0), (0, 60)):
        for _ in range(10):
            code, answer = lender.target.call_api(
                "POST", "/payment-batches", {"payments": rows}, of=lender.id
            )
            assert code == 200, answer
            if answer["complete"]:
                break
        assert answer["posted"] + answer["repeated"] == posted + repeated
    assert answer["repeated"] == 60
    for loan_id in loans:
        assert len(lender.wiring.loans.recorded(loan_id).payments) == 20
