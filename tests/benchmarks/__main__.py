"""``python -m tests.benchmarks``: run all benchmarks and print their tables."""

import sys
from pathlib import Path

import pytest

if __name__ == "__main__":
    here = str(Path(__file__).parent)
    sys.exit(pytest.main(["-s", "-p", "no:xdist", "-m", "benchmark", here, *sys.argv[1:]]))
