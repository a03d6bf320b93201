"""The words that answer a reply: short, kind, and telling nobody of a debt."""

from datetime import date
from typing import get_args

import pytest

from recovery.domain.contact.replies import ReplyKind, read_reply
from recovery.messages import LANGUAGES, render_answer
from recovery.messages.answering import AnswerKind
from recovery.messages.reply_words import reply_words
from recovery.messages.sms import parts_of
from tests.messages.languages import FORBIDDEN, found
from tests.messages.test_please_call import TELLING


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", get_args(AnswerKind))
def test_an_answer_is_one_sms_and_tells_nobody_of_a_debt(kind, language) -> None:
    answer = render_answer(kind, language)
    assert parts_of(answer.sms) == 1
    for part in (answer.subject, answer.text, answer.sms):
        assert part.strip()
        assert found(FORBIDDEN[language], part) == []
        assert found(TELLING, part) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["stopped_sms", "stopped_email"])
def test_the_word_that_brings_messages_back_is_understood(kind, language) -> None:
    said = render_answer(kind, language).sms
    word = said.rstrip(".").rpartition(" ")[2]
    assert read_reply(word, reply_words(), date(2026, 3, 9)).kind == ReplyKind.START
