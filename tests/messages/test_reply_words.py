"""The words of replies, as data."""

from recovery.domain.contact.replies import NOT_MINE, ReplyKind
from recovery.messages import LANGUAGES
from recovery.messages.reply_words import reply_words

BY_NUMBER = (ReplyKind.OTHER, ReplyKind.LESSON_ANSWER)
TOLD_BY_WORDS = {each.value for each in ReplyKind if each not in BY_NUMBER} | {NOT_MINE}


def test_every_language_tells_everything() -> None:
    assert [each.language for each in reply_words()] == list(LANGUAGES)
    for words in reply_words():
        assert {*words.anywhere} == TOLD_BY_WORDS
        assert {*words.alone} <= TOLD_BY_WORDS
        assert (len(words.weekdays), len(words.months)) == (7, 12)
        assert {0, 1, 2} == {*words.near.values()}
        assert words.filler and words.negation and words.month_end and words.lessons


def test_no_filler_is_a_word_that_counts() -> None:
    for words in reply_words():
        counting = set().union(*words.alone.values())
        assert not counting & words.filler & {"stop"}


def test_no_word_alone_means_two_things() -> None:
    """Over all languages, as every one is read."""
    meant: dict[str, set[str]] = {}
    for words in reply_words():
        for code, alone in words.alone.items():
            for word in alone:
                meant.setdefault(word, set()).add(code)
    assert {word: codes for word, codes in meant.items() if len(codes) > 1} == {}
