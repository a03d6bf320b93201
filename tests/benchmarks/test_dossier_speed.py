"""Time and memory of a dossier, in units of one with few entries.

For 60 instalments, 100 entries and a paper of two pages the first takes about 2 s on one core,
later ones 0.7 s of CPU. The first takes 200 MB at its peak with the interpreter and all packages;
after many in one process it stays at 320 MB. The aim is 10 s and 512 MB; how many seconds it takes
is the machine's doing, so that only the ratio is asserted.
"""

from __future__ import annotations

import resource
import sys
from dataclasses import replace
from itertools import count

import pytest
import typst

from recovery.adapters.pdf import TypstPdf
from recovery.domain.agreements.evidence import PaperFile
from recovery.use_cases.judicial.prepare_dossier import prepare_dossier
from tests.benchmarks.measuring import cpu_seconds, print_table
from tests.conftest import wiring_of_fakes
from tests.court_record import SIGNAL, put_on_record

pytestmark = pytest.mark.benchmark

MOST_TIMES = 5  # ten times the entries: more means that the record is gone through for each
PAPER = b'#set page(paper: "a4")\n#lorem(300)\n#pagebreak()\nsigned'
_SERIAL = count()


def make(entries: int) -> None:
    """Make a dossier that nothing remembers: the compiler keeps what it has seen."""
    ports = wiring_of_fakes()
    put_on_record(ports, instalments=60, sent=entries)
    person = ports.borrowers.load("B-1")
    ports.borrowers.save_contact_details(replace(person, name=f"Lucía {next(_SERIAL)}"))
    paper = PaperFile("DM-1", "receipt", "application/pdf", typst.compile(PAPER, format="pdf"))
    ports.evidence.papers["L-1"] = [paper]
    ports.pdf = TypstPdf()
    prepare_dossier("L-1", SIGNAL, ports.now(), ports)


def test_a_dossier_takes_seconds_and_little_more_with_more_entries() -> None:
    taken = cpu_seconds({"10": lambda: make(10), "100": lambda: make(100)}, rounds=3)
    ratio = taken["100"] / taken["10"]
    rows = [
        (f"60 instalments, {name} messages", each, each / taken["10"])
        for name, each in taken.items()
    ]
    print_table("A dossier", ("record", "s CPU", "ratio"), rows)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"At its peak {peak / (1 << 20 if sys.platform == 'darwin' else 1 << 10):.0f} MB")
    assert ratio < MOST_TIMES
