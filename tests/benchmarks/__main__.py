"""``python -m tests.benchmarks`` runs all benchmarks at full size and prints their tables."""

import os
import sys
from pathlib import Path

import pytest

if __name__ == "__main__":
    os.environ.setdefault("BENCHMARK_LOANS", "100000")
    here = str(Path(__file__).parent)
    sys.exit(pytest.main(["-s", "-p", "no:xdist", "-m", "benchmark", here, *sys.argv[1:]]))
