"""The holidays that ship are those of the library that is pinned."""

from infra.contact.public_holidays import FILE, written


def test_the_file_is_what_the_script_writes() -> None:
    """If this fails after an update: run the script, and look at what changed."""
    assert FILE.read_text(encoding="utf-8") == written()
