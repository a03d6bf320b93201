from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from recovery.documents.questions.options_question import options_schema, read_options_question
from recovery.documents.questions.restructuring import answer_restructuring
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.agreements.household import steady
from recovery.domain.agreements.option_kinds import Difficulty
from recovery.use_cases.agreements.answer_capacity import answer_options

EXAMPLE = json.loads(
    (Path(__file__).parents[3] / "infra" / "command_line" / "examples" / "options.json").read_text(
        encoding="utf-8"
    )
)


def test_a_question_is_read_whole() -> None:
    asked = read_options_question(
        {
            **EXAMPLE,
            "reason": "one_off",
            "other_loans": "10.00",
            "lump_sum": "99.00",
            "due_day": 6,
            "help": {
                "lower_rates_pct": ["12.5"],
                "tiers": [{"role": "legal", "most_percent": 30}],
            },
        }
    )
    trouble = asked.trouble
    assert (trouble.reason, trouble.own) == (Difficulty.ONE_OFF, steady(1_000))
    assert (trouble.due_day, trouble.lump_sum_minor) == (6, 9_900)
    assert trouble.policy.lower_rates_pct == (Decimal("12.5"),)
    assert trouble.policy.tiers[0].most_percent == 30
    assert "free_by_month" in options_schema()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": "illness"}, "reason"),
        ({"capacity": {"free_by_month": ["1"] * 11}}, "capacity.free_by_month"),
        ({"capacity": {"free_by_month": ["0.001"] * 12}}, "capacity.free_by_month.0"),
        ({"help": {"most_parts": 0}}, "help.most_parts"),
        (
            {
                "help": {
                    "tiers": [
                        {"role": "legal", "most_percent": 30},
                        {"role": "advisor", "most_percent": 10},
                    ]
                }
            },
            "help.tiers",
        ),
        ({"country": "XX"}, "country"),
    ],
)
def test_what_cannot_be_read_is_named(changes, field) -> None:
    with pytest.raises(InvalidDocumentError) as caught:
        read_options_question({**EXAMPLE, **changes})
    assert {each.field for each in caught.value.problems} >= {field}


@pytest.mark.parametrize("reason", list(Difficulty))
def test_each_action_is_one_that_restructure_books_at_the_same_total(reason) -> None:
    answered = answer_options({**EXAMPLE, "reason": reason.value})
    actions = [each for each in answered["options"] if each["action"]]
    assert actions
    for each in actions:
        booked = answer_restructuring(
            {
                "loan": EXAMPLE["loan"],
                "payments": EXAMPLE["payments"],
                "action": each["action"],
                "as_of": EXAMPLE["as_of"],
            }
        )
        assert booked["changed"]["outstanding"]["after"]["total"] == each["total"]
        assert (
            booked["changed"]["net_present_value"]["after"]
            == (each["institution"]["net_present_value"]["after"])
        )
