"""The new part of an e-mail reply."""

import pytest

from recovery.domain.contact.reply_text import new_part


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("Stop\n\nOn Fri, 27 Nov 2026 at 10:00, Umoja <a@b.org> wrote:\n> Reply STOP\n", "Stop"),
        (
            "Pago\n\nEl vie, 27 nov 2026 a las 10:00,\nUmoja (<a@b.org>) escribió:\n\n> x",
            "Pago",
        ),
        ("Betaald\nOp vr 27 nov 2026 om 10:00 schreef Umoja <a@b.org>:\n> x", "Betaald"),
        ("Ja\r\n\r\nOp 27-11-2026 om 10:00 heeft Umoja het volgende geschreven:\r\n\r\nx", "Ja"),
        ("Payé\nLe ven. 27 nov. 2026 à 10:00, Umoja <a@b.org> a écrit :\n> x", "Payé"),
        ("Ok\nEm sex., 27 de nov. de 2026 às 10:00, Umoja <a@b.org> escreveu:\n> x", "Ok"),
        ("Hi\n________________________________\nFrom: Umoja <a@b.org>\nSent: Friday\nstop", "Hi"),
        ("Hi\n-----Original Message-----\nstop", "Hi"),
        ("Hi\nVan: Umoja <a@b.org>\nstop", "Hi"),
        ("Hi\n--\nStop & Shop Ltd", "Hi"),
        ("Hi\n\nSent from my iPhone", "Hi"),
        ("Hi\nVerzonden vanaf mijn mobiel", "Hi"),
        ("> Reply STOP to end\n\nI will pay", "I will pay"),
        ("On 27 Nov 2026, Umoja wrote:\n> Reply STOP\n\nI will pay", "I will pay"),
        (
            "On the 3rd I pay\nBye\nOn 27 Nov 2026, Umoja wrote:\n> x",
            "On the 3rd I pay\nBye",
        ),
        ("> only quoted", ""),
        ("", ""),
    ],
)
def test_what_was_written_now_is_all_that_is_left(text, new) -> None:
    assert new_part(text) == new
