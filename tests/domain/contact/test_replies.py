"""What a reply means."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.contact.replies import Reading, ReplyKind, read_reply
from recovery.messages.reply_words import reply_words

FRIDAY = date(2026, 11, 27)


def read(text: str, **changes) -> Reading:
    return read_reply(text, reply_words(), FRIDAY, **{"names": "Maria Pérez", **changes})


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (
            "stop",
            [
                *(
                    "STOP",
                    "stop.",
                    "Stop!!!",
                    "please stop",
                    "stp",
                    "STOPPPP",
                    "Unsubscrbe",
                    "BAJA",
                ),
                *(
                    "baja por favor",
                    "Quiero darme de baja",
                    "vaja",
                    "STOPPEN",
                    "stoppen aub",
                    "afmeldne",
                ),
                *(
                    "Arrêtez",
                    "ARRET",
                    "ne m'écrivez plus",
                    "PARAR",
                    "não quero mais receber",
                    "acha",
                ),
                *("msinitumie meseji", "Hi. Stop", "no more messages please", "dont text me"),
                *("Stop texting me, I am at work", "no me escriban más", "stop met deze berichten"),
            ],
        ),
        ("start", ["START", "unstop", "ALTA", "aanmelden", "start again please"]),
        (
            "wrong_person",
            [
                *("wrong person, stop", "Wrong number", "stop! wrong number", "No soy María"),
                *("número equivocado", "verkeerd nummer", "mauvais numéro, stop", "número errado"),
                *("umekosea namba", "I don't know Maria", "who is Perez?", "this is not maria"),
                *("persona equivocada. STOP", "je ne suis pas cette personne", "mimi si maria"),
            ],
        ),
        (
            "paid",
            [
                *("I paid yesterday", "already paid!", "ya pagué", "He pagado el lunes pasado"),
                *(
                    "heb al betaald",
                    "j'ai payé",
                    "já paguei",
                    "nimeshalipa",
                    "paid",
                    "I paid on 25/11",
                ),
            ],
        ),
        (
            "help",
            [
                *("HELP", "I can't pay", "no puedo pagar", "ik kan niet betalen", "siwezi kulipa"),
                *("je ne peux pas payer", "não consigo pagar", "I lost my job", "sin trabajo"),
                *("I don't have the money", "ben ziek", "naomba msaada"),
            ],
        ),
        (
            "dispute",
            [
                *("this is the wrong amount", "no debo nada", "het bedrag klopt niet", "sidaiwi"),
                *("le montant est faux", "valor errado", "never took a loan", "no es mi préstamo"),
            ],
        ),
        (
            "complaint",
            [
                *("I want to complain", "this is harassment", "quiero poner una queja", "klacht"),
                *("je veux porter plainte", "vou fazer uma reclamação", "malalamiko"),
            ],
        ),
    ],
)
def test_every_language_is_understood_whatever_is_on_record(kind, texts) -> None:
    assert {text: read(text).kind for text in texts} == dict.fromkeys(texts, ReplyKind(kind))


@pytest.mark.parametrize(
    "text",
    [
        *("don't stop", "Dont stop the messages", "non-stop rain here", "I cannot stop by today"),
        *(
            "I can't stop by the office",
            "the bus stop is closed",
            "no stop",
            "I never stop working",
        ),
        *("baja la cuota por favor", "la tasa no baja", "shop", "step", "shoppen", "stoppel"),
        *("niet stoppen", "no puedo parar ahora", "sans arrêt de travail", "the stop", "stoop"),
        *("can you reduce it?", "ok", "gracias", "thanks for your help", "what is my balance?"),
        *("I have not paid yet", "how can I pay?", "no he pagado", "pas encore payé", "sijalipa"),
        *("nimelipwa", "I'm waiting to get paid", "my husband died", "", "👍"),
    ],
)
def test_what_no_word_tells_is_for_a_person(text) -> None:
    assert read(text).kind == ReplyKind.OTHER


@pytest.mark.parametrize(
    ("text", "on", "amount"),
    [
        ("I'll pay 100 on Friday", date(2026, 12, 4), "100"),
        ("Ill pay tomorrow", date(2026, 11, 28), None),
        ("pagaré 120,50 el 15 de diciembre", date(2026, 12, 15), "120.50"),
        ("pago el viernes", date(2026, 12, 4), None),
        ("ik betaal maandag €50", date(2026, 11, 30), "50"),
        ("je paierai le 5", date(2026, 12, 5), None),
        ("vou pagar segunda-feira", date(2026, 11, 30), None),
        ("nitalipa kesho kutwa 500", date(2026, 11, 29), "500"),
        ("in 3 days I pay 1.200,50", date(2026, 11, 30), "1200.50"),
        ("will pay 2026-12-03", date(2026, 12, 3), None),
        ("Friday", date(2026, 12, 4), None),
        ("el lunes 50 euros", date(2026, 11, 30), "50"),
        ("I will pay soon", None, None),
        ("I will pay 50 on Monday and 60 on Friday", None, None),
    ],
)
def test_a_promise_has_the_day_and_the_amount_that_were_named(text, on, amount) -> None:
    found = read(text)
    assert (found.kind, found.pay_on) == (ReplyKind.WILL_PAY, on)
    assert found.amount == (Decimal(amount) if amount else None)


def test_what_is_said_besides_is_not_lost() -> None:
    assert read("stop, ya pagué").also == (ReplyKind.PAID,)
    assert read("wrong person, stop").also == (ReplyKind.STOP,)
    assert read("paid half, will pay the rest Monday").also == (ReplyKind.PAID,)
    assert read("I will pay 50 and 60 on Monday").unclear


def test_whose_loan_it_is_is_a_dispute_of_its_own() -> None:
    assert read("I never took a loan").not_mine
    assert not read("the wrong amount").not_mine


def test_the_language_is_told_by_the_word_unless_several_have_it() -> None:
    assert read("baja").language == "es"
    assert read("stop").language is None


def test_a_name_counts_only_if_it_is_the_persons() -> None:
    assert read("I am not Juan").kind == ReplyKind.OTHER
    assert read("I am not Juan", names="Juan Mora").kind == ReplyKind.WRONG_PERSON


STOPS = ["stop", "baja", "stoppen", "unsubscribe", "cancelar", "arretez", "parar"]


@given(
    st.sampled_from(STOPS),
    st.sampled_from(
        [str.upper, str.title, str.lower, "{}!".format, " {} ".format, "please, {}".format]
    ),
)
def test_a_stop_is_one_however_it_is_written(word, written) -> None:
    assert read(written(word)).kind == ReplyKind.STOP


ORDINARY = (
    *("shop", "step", "spot", "stow", "stomp", "stoop", "slop", "prop", "atop", "top", "stock"),
    *("stone", "store", "story", "bahia", "caja", "bala", "vaya", "pagar", "pasar", "callar"),
    *("aparar", "comparar", "preparar", "separar", "reparar", "shoppen", "stappen", "stampen"),
    *("kloppen", "hopen", "lopen", "kopen", "scheppen", "arrived", "acheter", "rester", "saber"),
    *("sabir", "subir", "partir", "machine", "comparer", "fine", "final", "cancion", "remote"),
    *("quiet", "quite", "cancer", "consolar", "encima", "kwisha", "chai"),
)


@pytest.mark.parametrize("word", ORDINARY)
def test_no_other_word_becomes_a_stop(word) -> None:
    assert read(word).kind != ReplyKind.STOP


@given(st.text(max_size=200))
def test_any_text_can_be_read(text) -> None:
    assert read(text).kind in ReplyKind
