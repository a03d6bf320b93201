"""The portfolio import from S3 (moto), driven by its event."""

import json
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from functions.import_portfolio import handler
from recovery.adapters import aws
from recovery.adapters.storage import S3Inbox
from recovery.documents.intake.manifest import ManifestError, read_manifest
from recovery.domain.accounting.refinancing import Carried
from recovery.domain.shared.actor import Actor, Role
from recovery.use_cases.accounting.reverse_payment import reverse_payment
from tests.builders import a_borrower, a_policy
from tests.conftest import Context
from tests.fakes import FakeBorrowerRepository
from tests.in_memory_aws import stay_in_memory

BORROWERS = """borrower_id,name,language,country,time_zone,email,phone
B-1,Grace Mwangi,en-KE,KE,Africa/Nairobi,grace@example.org,+254711000001
B-2,Ana Torres,es-PE,PE,,ana@example.org,
B-3,,es-PE,PE,,ana@example.org,
"""
LOANS = """loan_id,borrower_id,portfolio,currency,principal,disbursed_on,advisor_name
L-1,B-1,2026,KES,200.00,2025-12-01,Peter Otieno
L-2,B-2,2026,PEN,100.00,2025-12-01,Luz Mendoza
L-3,B-3,2026,PEN,100.00,2025-12-01,Luz Mendoza
"""
INSTALMENTS = """loan_id,number,due_date,principal,interest
L-1,1,2026-01-05,100.00,10.00
L-1,2,2026-02-05,100.00,10.00
L-2,1,2026-01-05,100.00,10.005
L-3,1,2026-01-05,100.00,10.00
"""
PAYMENTS = """payment_id,loan_id,value_date,amount
P-1,L-1,2026-01-04,110.00
P-2,L-1,2026-03-01,110.00
P-3,L-9,2026-01-04,5.00
"""
KEY = "imports/umoja/2026-02-01"
PLACE = {"bucket": {"name": "imports-bucket"}, "object": {"key": f"{KEY}/manifest.json"}}


@pytest.fixture
def s3(monkeypatch) -> Iterator:
    stay_in_memory(monkeypatch, "us-east-1")
    with mock_aws():
        client = aws.client("s3")
        client.create_bucket(Bucket="imports-bucket")
        yield client


@pytest.fixture
def deliver(s3, wiring, load_event):
    wiring.borrowers = FakeBorrowerRepository()
    wiring.inbox = S3Inbox

    def deliver(**changes):
        files = {"borrowers": BORROWERS, "loans": LOANS, "instalments": INSTALMENTS}
        files |= {"payments": PAYMENTS} | changes
        names = {kind: f"{kind}.csv" for kind in files}
        for kind, text in files.items():
            s3.put_object(Bucket="imports-bucket", Key=f"{KEY}/{kind}.csv", Body=text.encode())
        manifest = json.dumps({"institution_id": "umoja", "files": names}).encode()
        s3.put_object(Bucket="imports-bucket", Key=f"{KEY}/manifest.json", Body=manifest)
        return handler(load_event("import_portfolio"), Context(), wiring)

    return deliver


def read(s3, name: str) -> str:
    return s3.get_object(Bucket="imports-bucket", Key=f"{KEY}/{name}")["Body"].read().decode()


def test_valid_rows_are_imported_and_others_rejected_with_reason_and_remedy(deliver, wiring, s3):
    result = deliver()
    assert result["loans_added"] == 1
    assert result["borrowers_saved"] == 2
    assert json.loads(read(s3, "result.json")) == result
    stored = wiring.loans.load("L-1")
    assert stored.loan.schedule[0].due.interest == 1000
    assert stored.state.position.paid_off_on == (date(2026, 1, 4), None)
    assert stored.state.next_review_on == date(2026, 2, 2)  # today, so due even if the stream fails
    rejected = read(s3, "rejected.csv").splitlines()
    assert rejected[0] == "file,row,column,reason,remedy"
    places = {tuple(line.split(",")[:3]) for line in rejected[1:]}
    assert ("borrowers", "3", "name") in places
    assert ("instalments", "3", "interest") in places
    assert ("loans", "3", "borrower_id") in places
    assert ("payments", "2", "value_date") in places
    assert ("payments", "3", "loan_id") in places
    assert any("P-2" in line and "future" in line for line in rejected)
    assert any("P-3" in line and "Deliver the loan" in line for line in rejected)
    assert result["rejections"] == len(rejected) - 1


def test_facts_are_recorded_with_the_payments_they_are_about(deliver, s3, wiring):
    header = "fact_id,loan_id,kind,reason,amount,component,payment_id,reason_code\n"
    facts = "F-1,L-1,chargeback,returned,110.00,,P-1,AM04\nF-2,L-1,waiver,kindness,,,,\n"
    result = deliver(facts=header + facts)
    assert (result["facts_recorded"], result["facts_unchanged"]) == (1, 0)
    owed = [each.due.total for each in wiring.loans.load("L-1").loan.schedule]
    assert sum(owed) == 22_000 + 11_000  # the debit returned is owed again
    (line,) = (each for each in read(s3, "rejected.csv").splitlines() if each.startswith("facts"))
    assert line == "facts,2,component,is missing,Fill in this column for a waiver"
    assert deliver(facts=header + facts)["facts_unchanged"] == 1


def test_every_rejection_of_what_is_on_record_names_its_row(deliver, s3):
    deliver()
    more = "P-5,L-9,2026-01-04,5.00\nP-1,L-1,2026-01-04,90.00\nP-6,L-1,2026-04-01,5.00\n"
    deliver(payments=PAYMENTS.replace("P-3,L-9", "P-4,L-1") + more)
    places = [tuple(line.split(",")[:3]) for line in read(s3, "rejected.csv").splitlines()]
    of_payments = {place for place in places if place[0] == "payments"}
    assert of_payments == {
        ("payments", "2", "value_date"),
        ("payments", "4", "loan_id"),
        ("payments", "5", "payment_id"),
        ("payments", "6", "value_date"),
    }


def test_a_spreadsheet_is_read_as_its_manifest_declares(deliver, s3, wiring):
    def spreadsheet(text: str) -> bytes:
        return text.replace(",", ";").replace(".00", ",00").encode("windows-1252")

    files = {"borrowers": BORROWERS, "loans": LOANS, "instalments": INSTALMENTS}
    deliver_files = {"borrowers": files["borrowers"].replace("Grace Mwangi", "Begoña Núñez")}
    for kind, text in (files | deliver_files).items():
        s3.put_object(Bucket="imports-bucket", Key=f"{KEY}/{kind}.txt", Body=spreadsheet(text))
    dialect = {"delimiter": ";", "decimal": ",", "encoding": "windows-1252"}
    names = {kind: f"{kind}.txt" for kind in files}
    manifest = {"institution_id": "umoja", "files": names, "dialect": dialect}
    put_manifest(s3, json.dumps(manifest).encode())
    result = handler({"detail": PLACE}, Context(), wiring)
    assert result["loans_added"] == 1
    assert wiring.borrowers.load("B-1").name == "Begoña Núñez"
    assert wiring.loans.load("L-1").loan.schedule[0].due.principal == 10_000


def test_payments_of_loans_in_a_refused_file_are_reported_together(deliver, s3, wiring):
    result = deliver(loans=LOANS.replace(",", ";"))
    rejected = read(s3, "rejected.csv").splitlines()[1:]
    assert [tuple(line.split(",")[:2]) for line in rejected] == [
        ("borrowers", "3"),
        ("loans", "0"),
        ("instalments", "0"),
        ("payments", "0"),
    ]
    assert result["rejections"] == 4


def test_repeating_a_delivery_changes_nothing(deliver, wiring):
    deliver()
    before = wiring.loans.load("L-1")
    again = deliver()
    assert (again["loans_added"], again["payments_added"], again["borrowers_saved"]) == (0, 0, 0)
    assert (again["loans_unchanged"], again["payments_unchanged"]) == (1, 1)
    assert wiring.loans.load("L-1") == before


def test_a_changed_schedule_is_a_version_from_the_core(deliver, wiring, s3):
    deliver()
    moved = INSTALMENTS.replace("2026-02-05", "2026-02-06")
    assert deliver(instalments=moved)["loans_changed"] == 1
    loan = wiring.loans.load("L-1").loan
    assert loan.schedule[1].due_date == date(2026, 2, 6)
    assert loan.schedule_agreed[1].due_date == date(2026, 2, 5)
    (record,) = wiring.loans.recorded("L-1").facts
    assert (record.fact.kind, record.fact.version) == ("from_core", 2)
    assert deliver(instalments=moved)["loans_changed"] == 0


def test_the_contract_of_a_loan_on_record_is_never_rewritten(deliver, wiring, s3):
    deliver()
    before = wiring.loans.load("L-1")
    deliver(
        loans=LOANS.replace("L-1,B-1,2026,KES,200.00,2025-12-01", "L-1,B-2,27,KES,200,2025-12-02")
    )
    assert wiring.loans.load("L-1") == before
    rejected = read(s3, "rejected.csv")
    for column in ("borrower_id", "disbursed_on"):
        assert f"loans,1,{column}" in rejected


def test_new_payments_and_contact_details_of_known_loans_are_imported(deliver, wiring):
    deliver()
    more = PAYMENTS + "P-4,L-1,2026-02-01,50.00\n"
    moved = BORROWERS.replace("grace@", "grace.m@")
    result = deliver(payments=more, borrowers=moved)
    assert (result["payments_added"], result["borrowers_saved"]) == (1, 1)
    assert wiring.loans.load("L-1").state.position.paid[1].total == 5000
    assert wiring.borrowers.load("B-1").email == "grace.m@example.org"


NEW_LOAN = "L-7,B-1,2026,KES,100.00,2026-01-30,Mary Achieng\n"
ITS_INSTALMENT = "L-7,1,2026-03-01,100.00,10.00\n"
PAID_OFF = PAYMENTS + "P-7,L-1,2026-02-01,110.00\n"


@pytest.mark.parametrize("paid_off_with", ["the new loan", "the next delivery"])
def test_a_new_loan_that_repaid_one_carries_it_over(deliver, wiring, paid_off_with):
    deliver()
    wiring.borrowers.loans["B-1"] = ["L-1", "L-7"]
    new = {"loans": LOANS + NEW_LOAN, "instalments": INSTALMENTS + ITS_INSTALMENT}
    if paid_off_with == "the next delivery":
        assert deliver(**new)["loans_added"] == 1
        assert wiring.loans.load("L-7").state.facts.carried is None
    deliver(**new, payments=PAID_OFF)
    deliver(**new, payments=PAID_OFF)  # twice changes nothing
    carried = wiring.loans.load("L-7").state.facts.carried
    assert carried == Carried(("L-1",), 0, date(2025, 12, 1))
    assert len(wiring.cases.decisions_of("L-7")) == 1


def test_a_payment_for_no_loan_on_record_is_rejected_or_suspended_as_the_policy_says(
    deliver, wiring, s3
):
    rows = "payment_id,loan_id,value_date,amount,currency\nP-8,L-404,2026-02-01,50.00,EUR\n"
    rows += "P-9,L-404,2026-02-01,50.00,\n"
    assert deliver(payments=rows)["payments_suspended"] == 0
    assert "P-8: L-404 is not on record" in read(s3, "rejected.csv")
    policy = a_policy(version=2, unmatched="suspense")
    wiring.institutions.save_policy("umoja", policy)
    for suspended, unchanged in ((1, 0), (0, 1)):
        result = deliver(payments=rows)
        assert (result["payments_suspended"], result["payments_unchanged"]) == (
            suspended,
            unchanged,
        )
        assert "P-8" not in read(s3, "rejected.csv")
        assert "P-9" in read(s3, "rejected.csv")  # nobody said in which currency
    [money] = wiring.suspense.open_items()
    assert (money.payment_id, money.amount_minor, money.loan_id) == ("P-8", 5_000, "L-404")


def test_payments_of_loans_in_a_refused_file_do_not_wait_in_suspense(deliver, wiring):
    wiring.institutions.save_policy("umoja", a_policy(version=2, unmatched="suspense"))
    paid = "payment_id,loan_id,value_date,amount,currency\nP-8,L-1,2026-02-01,50.00,KES\n"
    assert deliver(loans=LOANS.replace(",", ";"), payments=paid)["payments_suspended"] == 0
    assert wiring.suspense.open_items() == []


def test_a_file_that_still_lists_a_reversed_payment_changes_nothing(deliver, wiring, s3):
    deliver()
    more = PAYMENTS + "P-4,L-1,2026-02-01,50.00\n"
    deliver(payments=more)
    bank = Actor(id="bank", name="bank", roles=frozenset({Role.SERVICE}))
    reverse_payment("umoja", "P-4", "bounced", bank, wiring.now(), wiring)
    result = deliver(payments=more)
    assert (result["payments_added"], result["payments_unchanged"]) == (0, 2)
    assert "P-4" not in read(s3, "rejected.csv")
    deliver(payments=more.replace("50.00", "60.00"))
    assert "was reversed on" in read(s3, "rejected.csv")


@pytest.mark.parametrize("odd_id", [".", ".."])
def test_a_step_in_a_path_is_no_id(deliver, wiring, s3, odd_id):
    deliver(payments=PAYMENTS + f"{odd_id},L-1,2026-02-01,50.00\n")
    assert "payment_id" in read(s3, "rejected.csv")
    assert wiring.payments.find(odd_id) is None


LOANS_ONLY = '"files": {"loans": "loans.csv"}}'


def put_manifest(s3, manifest: bytes) -> None:
    s3.put_object(Bucket="imports-bucket", Key=f"{KEY}/manifest.json", Body=manifest)


@pytest.mark.parametrize(
    ("manifest", "field"),
    [
        ("not json", "manifest"),
        ("\xff", "manifest"),
        ("[" * 30_000, "manifest"),
        (" " * 70_000 + "{}", "manifest"),
        ("[]", "manifest"),
        ("{}", "institution_id"),
        ('{"institution_id": ["umoja"], ' + LOANS_ONLY, "institution_id"),
        ('{"institution_id": "nobody", ' + LOANS_ONLY, "institution_id"),
        ('{"institution_id": "umoja", "files": {}}', "files"),
        ('{"institution_id": "umoja", "files": [["loans", "loans.csv"]]}', "files"),
        ('{"institution_id": "umoja", "files": {"secrets": "x.csv"}}', "files"),
        ('{"institution_id": "umoja", "files": {"loans": "../other/loans.csv"}}', "files.loans"),
        ('{"institution_id": "umoja", "files": {"loans": ".."}}', "files.loans"),
        ('{"institution_id": "umoja", "files": {"loans": ""}}', "files.loans"),
        ('{"institution_id": "umoja", "files": {"loans": "a\\ud800"}}', "files.loans"),
        ('{"institution_id": "umoja", "files": {"loans": "missing.csv"}}', "files.loans"),
        ('{"institution_id": "umoja", "files": {}, ' + LOANS_ONLY, "manifest"),
        ('{"institution_id": "umoja", "dialect": {"dates": "iso"}, ' + LOANS_ONLY, "dialect.dates"),
        ('{"institution_id": "umoja", "language": "es", ' + LOANS_ONLY, "language"),
    ],
)
def test_an_invalid_manifest_is_refused_and_reported(deliver, s3, wiring, manifest, field):
    put_manifest(s3, manifest.encode("latin-1"))
    with pytest.raises(ManifestError):
        handler({"detail": PLACE}, Context(), wiring)
    error = json.loads(read(s3, "result.json"))["error"]
    assert error["field"] == field
    assert error["reason"] and error["remedy"]


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
MANIFESTS = st.fixed_dictionaries(
    {
        "institution_id": st.just("umoja") | ANY_JSON,
        "files": ANY_JSON | st.dictionaries(st.sampled_from(["loans", "payments"]), ANY_JSON),
    }
)


@given(st.binary() | (ANY_JSON | MANIFESTS).map(json.dumps).map(str.encode))
def test_any_bytes_are_either_a_manifest_or_refused(manifest):
    try:
        files = read_manifest(manifest, "umoja").files
    except ManifestError as refused:
        assert all(p.field and p.reason and p.remedy for p in refused.problems)
    else:
        assert files
        assert all("/" not in name for name in files.values())


def test_a_mass_change_waits_and_the_result_says_so(deliver, wiring, s3):
    people = [f"B-{n},Person {n},en-KE,KE,,p{n}@example.org,+25471100{n:04}" for n in range(9)]
    header = BORROWERS.splitlines()[0]
    deliver(borrowers="\n".join([header, *people]))
    same = [line.rpartition(",")[0] + ",+254711999999" for line in people]
    result = deliver(borrowers="\n".join([header, *same]))
    assert (result["delivery_id"], result["contacts_waiting"]) == ("2026-02-01", 9)
    assert json.loads(read(s3, "result.json")) == result
    assert wiring.borrowers.load("B-5").phone == "+254711000005"
    assert "+254711999999" not in read(s3, "rejected.csv") + read(s3, "result.json")


def test_recorded_contacts_survive_a_new_delivery(deliver, wiring):
    deliver()
    borrower = wiring.borrowers.load("B-1")
    wiring.borrowers.lease_contact(borrower, "m-1", date(2026, 2, 1), wiring.now())
    deliver(borrowers=BORROWERS.replace("grace@", "grace.m@"))
    assert wiring.borrowers.load("B-1").recent_contacts == (date(2026, 2, 1),)
    assert a_borrower().recent_contacts == ()
