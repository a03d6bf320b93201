import pytest

from recovery.domain.shared.free_text import free_text_problems, is_printable_line
from tests.builders import fields


@pytest.mark.parametrize("text", ["Ana Torres", "José Núñez 𝒳", "a\u00a0b", "مرحبا", "x" * 20])
def test_plain_text_in_any_script_may_go_on_record(text) -> None:
    assert is_printable_line(text)
    assert not fields(free_text_problems("why", text, 20))


@pytest.mark.parametrize(
    "text", ["a\nb", "a\0b", "a\u2028b", "a\x85b", "a\u202eb", "\ud800", "a\u2066"]
)
def test_controls_line_breaks_and_direction_marks_may_not(text) -> None:
    assert not is_printable_line(text)
    assert fields(free_text_problems("why", text, 20)) == {"why"}


@pytest.mark.parametrize("text", ["", "  ", "\n", "x" * 21])
def test_too_little_and_too_much_may_not(text) -> None:
    assert fields(free_text_problems("why", text, 20)) == {"why"}
