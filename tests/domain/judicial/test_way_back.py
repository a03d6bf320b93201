"""What an agreement does to proceedings, by the packs as shipped."""

from __future__ import annotations

from datetime import date

from recovery.documents.packs.reading import judicial_pack
from recovery.domain.accounting.acts import SuitEnd
from recovery.domain.judicial.way_back import way_back
from tests.domain.judicial.test_proceedings import DAY, FILED, suit_with

ON = date(2026, 6, 1)


def test_each_effect_has_its_rule_and_what_nobody_read_is_for_a_lawyer() -> None:
    found = {each.what: each for each in way_back(suit_with(), judicial_pack("ES"), ON)}
    assert list(found) == ["homologation", "withdrawal", "costs"]
    assert "LEC 517.2.2" in found["homologation"].rule.source
    assert "Ley 10/2012 art. 8.5" in found["costs"].rule.source
    assert [what for what, each in found.items() if each.ask_a_lawyer] == ["withdrawal"]


def test_under_a_law_that_nobody_read_all_of_it_is_for_a_lawyer() -> None:
    found = list(way_back(suit_with(), judicial_pack("PE"), ON))
    assert len(found) == 3 and all(each.ask_a_lawyer for each in found)


def test_a_suit_that_is_over_is_not_given_up() -> None:
    over = suit_with(SuitEnd(suit_id="S-1", on=FILED + DAY, outcome="upheld"))
    effects = [each.what for each in way_back(over, judicial_pack("ES"), ON)]
    assert effects == ["homologation", "costs"]


def test_past_its_review_a_rule_is_for_a_lawyer_again() -> None:
    late = list(way_back(suit_with(), judicial_pack("ES"), date(2028, 1, 1)))
    assert late and all(each.ask_a_lawyer for each in late)
