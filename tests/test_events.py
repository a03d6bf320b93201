"""Every sample event belongs to a function and is tested; every function has one."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FUNCTIONS = {path.stem for path in (ROOT / "functions").glob("*.py")}
EVENTS = sorted((ROOT / "events").glob("*.json"))
TESTS = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_a_sample_event_belongs_to_a_function_and_is_used(path: Path) -> None:
    assert path.stem.partition(".")[0] in FUNCTIONS
    assert f'"{path.stem}"' in TESTS


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_a_function_has_a_sample_event(function: str) -> None:
    assert any(path.stem.partition(".")[0] == function for path in EVENTS)


def test_the_only_other_samples_are_those_of_our_own_events() -> None:
    """Their schemas have tests of their own (tests/documents/events)."""
    folders = [path.name for path in (ROOT / "events").iterdir() if path.is_dir()]
    assert folders == ["bus"]
