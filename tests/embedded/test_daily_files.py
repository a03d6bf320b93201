"""Thirty daily full files of a core banking system end with the standings of its own ledger."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path

import pytest

from infra.deployment.operate import import_folder
from tests.core_system import Core
from tests.embedded.lender import DAY, Lender
from tests.use_cases.intake.test_daily_deliveries import START, a_core, check_standings, live

DAYS = 30


def write_files(folder: Path, core: Core, institution_id: str, as_of: date) -> None:
    files = core.files()
    for kind, text in files.items():
        (folder / f"{kind}.csv").write_text(text, encoding="utf-8")
    manifest = {
        "institution_id": institution_id,
        "files": {kind: f"{kind}.csv" for kind in files},
        "as_of": str(as_of),
        "full": True,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.slow
def test_a_month_of_daily_files_ends_as_the_core_has_it(lender: Lender, tmp_path: Path) -> None:
    core, rng = a_core(10), random.Random(7)
    lender.review(START - DAY)
    changed = told = 0
    for n in range(DAYS):
        day = START + n * DAY
        if n:
            live(core, day, rng)
        lender.review(day)
        write_files(tmp_path, core, lender.id, day)
        result, rejected = import_folder(lender.target, tmp_path, lender.id)
        assert result["rejections"] == 0, rejected
        changed += result["loans_changed"]
        told += result["facts_recorded"]
        lender.wait_until_idle()
    assert changed > DAYS and told > DAYS
    check_standings(core, lender.wiring, day)
    versions = [lender.wiring.loans.load(each).loan.schedule_version for each in core.loans]
    assert max(versions) > 2
    again, _ = import_folder(lender.target, tmp_path, lender.id)
    assert (again["loans_changed"], again["payments_added"], again["borrowers_saved"]) == (0, 0, 0)
    assert (again["facts_recorded"], again["facts_unchanged"]) == (0, told)
