"""What the sample institution writes to people, in the language that they read."""

from __future__ import annotations

from collections.abc import Mapping

_ANSWERS: Mapping[str, Mapping[str, str]] = {
    "receipt_found": {
        "en": "We found your receipt.",
        "es": "Encontramos su recibo.",
        "nl": "Wij hebben uw betaalbewijs gevonden.",
    },
    "no_payment_found": {
        "en": "The cash book shows no payment.",
        "es": "En el libro de caja no hay ningún pago.",
        "nl": "In het kasboek staat geen betaling.",
    },
    "called_too_often": {
        "en": "We called too often. We will call less.",
        "es": "Le llamamos demasiado. Vamos a llamar menos.",
        "nl": "Wij belden te vaak. Wij gaan minder bellen.",
    },
    "called_as_chosen": {
        "en": "We looked at each call. All were at the hours that you chose.",
        "es": "Revisamos cada llamada. Todas fueron a las horas que usted eligió.",
        "nl": "Wij keken naar elk gesprek. Alle waren op de uren die u koos.",
    },
}


def answer(what: str, language: str) -> str:
    """Return the answer for the language of a BCP 47 tag; in English where there is none."""
    texts = _ANSWERS[what]
    return texts.get(language.partition("-")[0], texts["en"])
