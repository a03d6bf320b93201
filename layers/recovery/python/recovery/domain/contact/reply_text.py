"""The new part of an e-mail reply: without what it quotes, and without its signature."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"^\s*(>|\|\s)")
_WROTE = re.compile(
    r"^\s*>?\s*(on|el|op|le|em|am|mnamo|tarehe)\b.{4,300}?"
    r"(wrote|escribi[oó]|schreef|geschreven|a [eé]crit|escreveu|aliandika|ameandika)"
    r"(\s.{1,120}?)?\s?:\s*$",
    re.IGNORECASE | re.DOTALL,
)
_BEGINS = re.compile(r"^\s*>?\s*(on|el|op|le|em|am|mnamo|tarehe)\b", re.IGNORECASE)
_RULE = re.compile(
    r"^\s*([-_=*]{5,}"
    r"|-{2,}\s*(original message|mensaje original|oorspronkelijk bericht|message d.origine"
    r"|mensagem original|ujumbe (wa )?asili|forwarded message).*)\s*$",
    re.IGNORECASE,
)
_HEADER = re.compile(r"^\s*\*?(from|de|van|kutoka)\s*:\*?\s.*(@|<)", re.IGNORECASE)
_SIGNATURE = re.compile(
    r"^\s*(--\s*"
    r"|(sent from|get outlook for|enviado (desde|do|de) (mi|meu)"
    r"|verzonden (vanaf|met) (mijn|outlook)"
    r"|envoy[eé] (de|depuis) mon|imetumwa kutoka).*)$",
    re.IGNORECASE,
)
_LINES_OF_A_HEADER = 3


def new_part(text: str) -> str:
    """Return what the sender wrote now; "" if that is nothing.

    Marked lines are left out wherever they stand; what follows a header of the quoted message, a
    rule or a signature is left out too, unless marked lines follow the header and new ones those.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = list[str]()
    at = 0
    while at < len(lines):
        if length := _header_length(lines, at):
            at += length
            if not _quotes_follow(lines, at):
                break
            continue
        line = lines[at]
        if _RULE.match(line) or _HEADER.match(line) or _SIGNATURE.match(line):
            break
        if not _QUOTED.match(line):
            kept.append(line.rstrip())
        at += 1
    return "\n".join(kept).strip()


def _header_length(lines: list[str], at: int) -> int:
    """Return how many lines from here say when who wrote what follows; 0 if they do not."""
    for length in range(1, _LINES_OF_A_HEADER + 1):
        said = " ".join(lines[at : at + length])
        if _WROTE.match(said) and re.search(r"\d", said):
            return length
        if at + length >= len(lines) or not lines[at + length].strip():
            return 0
        if _BEGINS.match(lines[at + length]):
            return 0
    return 0


def _quotes_follow(lines: list[str], at: int) -> bool:
    written = (each for each in lines[at:] if each.strip())
    first = next(written, None)
    return first is not None and bool(_QUOTED.match(first))
