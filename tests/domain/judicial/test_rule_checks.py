"""A judicial pack with mistakes is refused; the fee tables that ship rise with the claim."""

import tomllib
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.documents.packs.checking import check_pack
from recovery.documents.packs.reading import shipped_files
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.judicial.costs import fee_minor
from recovery.domain.judicial.facts import Facts
from tests.builders import fields

SHIPPED = {place: text for place, name, text in shipped_files() if name == "judicial.toml"}
FEES = [fee for place, text in SHIPPED.items() for fee in check_pack(text, place, "judicial").fees]
FEE_ROWS = "[xx.judicial.fee].rows"
ABOUT = """
says = "It is so"
source = "An act, article 1"
confidence = "H"
valid_from = 2026-01-01
review_by = 2027-01-01
"""
PACK = {
    "procedures": 'id = "xx.judicial.suit"\nprocedure = "XX_SUIT"',
    "bars": 'id = "xx.judicial.bar"\nprocedure = "XX_SUIT"\nwhen = "amount_over"\namount_minor = 5',
    "terms": 'id = "xx.judicial.term"\nterm = "standstill"\nyears = 5',
    "fees": 'id = "xx.judicial.fee"\nprocedures = ["XX_SUIT"]\nrows = [\n'
    "{ up_to_minor = 10, company_minor = 2, person_minor = 1 },\n"
    "{ company_minor = 4, person_minor = 3 } ]",
    "lawyers": 'id = "xx.judicial.lawyer"\nprocedures = ["XX_SUIT"]\nrequired = true',
}


def a_pack(**changed: str) -> str:
    return "\n".join(f"[[{kind}]]\n{text}{ABOUT}" for kind, text in (PACK | changed).items())


def test_a_sound_pack_is_read() -> None:
    rules = check_pack(a_pack(), "xx", "judicial")
    assert rules.terms[0].years == 5


@pytest.mark.parametrize(
    ("kind", "right", "wrong", "field"),
    [
        ("bars", "XX_SUIT", "XX_OTHER", "[xx.judicial.bar].procedure"),
        ("fees", "XX_SUIT", "XX_OTHER", "[xx.judicial.fee].procedures"),
        ("lawyers", "XX_SUIT", "XX_OTHER", "[xx.judicial.lawyer].procedures"),
        ("bars", "\namount_minor = 5", "", "[xx.judicial.bar].amount_minor"),
        ("bars", '"amount_over"', '"contested"', "[xx.judicial.bar].amount_minor"),
        ("terms", "years = 5", "", "[xx.judicial.term]"),
        ("terms", "years = 5", "years = 5\ndays = 1", "[xx.judicial.term]"),
        ("terms", "years = 5", "years = -5", "[xx.judicial.term].years"),
        ("terms", "years = 5", 'years = 5\nskipped = ["sun"]', "[xx.judicial.term].skipped"),
        (
            "fees",
            "company_minor = 4",
            "company_minor = 1",
            f"{FEE_ROWS}.1.company_minor",
        ),
        ("fees", "person_minor = 3", "person_minor = 0", f"{FEE_ROWS}.1.person_minor"),
        ("fees", "person_minor = 1", "person_minor = 3", f"{FEE_ROWS}.0.company_minor"),
        ("fees", "up_to_minor = 10, ", "", "[xx.judicial.fee].rows"),
        ("procedures", '"XX_SUIT"', '"XX_SUIT"\nbasis = "title"', "[xx.judicial.suit].titles"),
    ],
)
def test_a_mistake_names_rule_and_field(kind, right, wrong, field) -> None:
    assert right in PACK[kind]
    with pytest.raises(InvalidDocumentError) as refused:
        check_pack(a_pack(**{kind: PACK[kind].replace(right, wrong, 1)}), "xx", "judicial")
    assert f"packs/xx/judicial.toml{field}" in fields(refused.value.problems)


@pytest.mark.parametrize("fee", FEES, ids=lambda fee: f"{fee.id} {fee.valid_from}")
def test_a_larger_claim_never_costs_less_and_a_person_never_more_than_a_company(fee) -> None:
    edges = sorted({0, *(e.up_to_minor for e in fee.rows if e.up_to_minor is not None)})
    amounts = [amount for edge in edges for amount in (edge, edge + 1)]
    for person in (True, False):
        facts = Facts(creditor_is_person=person)
        found = [fee_minor(fee, facts, each) for each in amounts]
        known = [each for each in found if each is not None]
        assert known and all(a <= b for a, b in pairwise(known))
        company = [fee_minor(fee, Facts(), each) for each in amounts]
        assert all(a is None or b is None or a <= b for a, b in zip(found, company, strict=True))


@given(st.sampled_from(FEES), st.integers(0, 10**9), st.integers(0, 10**9), st.booleans())
def test_fees_rise_with_any_two_claims(fee, one, other, person) -> None:
    facts = Facts(creditor_is_person=person)
    low, high = (fee_minor(fee, facts, each) for each in sorted((one, other)))
    assert low is None or high is None or low <= high


def test_a_table_with_a_row_copied_wrong_is_refused() -> None:
    """Public tables carry such mistakes: the fee of a larger claim below that of a smaller one."""
    values = tomllib.loads(SHIPPED["nl"], parse_float=Decimal)
    table = next(each for each in values["fees"] if each["valid_from"].year == 2026)
    text = SHIPPED["nl"]
    right = str(table["rows"][1]["company_minor"])
    assert right in text
    wrong = text.replace(f"company_minor = {right}", "company_minor = 13800")
    with pytest.raises(InvalidDocumentError, match="below the fee of a smaller claim"):
        check_pack(wrong, "nl", "judicial")
