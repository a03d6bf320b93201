"""Fit an SMS into one part: 160 places of the GSM alphabet, or 70 of UTF-16."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable

# GSM 03.38, base and extension: one character outside it can triple the cost of an SMS.
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡¿§ÄÖÑÜäöñüà^{}\\[~]|€"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)
_GSM_TWICE = frozenset("^{}\\[~]|€")  # of the extension: each takes two places
_COMBINING = re.compile("[\u0300-\u036f]")
_GSM_PUNCTUATION = str.maketrans("‘’´`“”«»–—", "''''\"\"\"\"--")


def in_gsm(text: str) -> str:
    """Fold to the GSM alphabet (``á`` to ``a``) if all of it can be; else leave unchanged."""
    folded = "".join(
        char if char in GSM else _COMBINING.sub("", unicodedata.normalize("NFKD", char))
        for char in text.translate(_GSM_PUNCTUATION)
    )
    return folded if GSM.issuperset(folded) else text


def length_of(sms: str) -> int:
    """Return how many places it takes: septets in the GSM alphabet, else UTF-16 units."""
    if GSM.issuperset(sms):
        return len(sms) + sum(each in _GSM_TWICE for each in sms)
    return len(sms.encode("utf-16-le")) // 2


def parts_of(sms: str) -> int:
    """Return in how many parts it goes, each of which is paid for; a part of several is shorter."""
    alone, of_several = (160, 153) if GSM.issuperset(sms) else (70, 67)
    length = length_of(sms)
    return 1 if length <= alone else math.ceil(length / of_several)


def first_that_fits(written: Iterable[str]) -> str:
    """Return the first text that goes in one part, else the last; fold each to the GSM alphabet."""
    sms = ""
    for each in written:
        sms = in_gsm(each)
        if parts_of(sms) == 1:
            return sms
    return sms
