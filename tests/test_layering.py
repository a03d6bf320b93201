"""Who may import whom, read from the imports themselves."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "layers" / "recovery" / "python" / "recovery"
AWS = {"boto3", "botocore", "pynamodb", "aws_lambda_powertools", "aws_cdk", "constructs"}
OUTSIDE = {"pydantic", "pydantic_core", "babel", "phonenumbers", "jinja2", "holidays"}

# Each part of the package: the parts it may import, and the libraries beside the standard one.
ALLOWED = {
    "domain": ({"domain"}, set()),
    "messages": ({"domain", "messages"}, {"babel", "jinja2"}),
    "documents": ({"domain", "documents"}, OUTSIDE),
    "ports": ({"domain"}, set()),
    "use_cases": ({"domain", "messages", "documents", "ports", "use_cases"}, set()),
    "adapters": ({"domain", "ports", "documents", "use_cases", "adapters", "settings"}, AWS),
    "settings": (set(), set()),
    "wiring": ({"ports", "settings", "adapters"}, set()),
}


def imports_of(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def modules() -> list[tuple[str, Path]]:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        part = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if part != "__init__":
            found.append((part, path))
    return found


@pytest.mark.parametrize(("part", "path"), modules(), ids=lambda v: str(v)[-40:])
def test_each_part_imports_only_what_it_may(part: str, path: Path) -> None:
    parts, libraries = ALLOWED[part]
    for name in imports_of(path):
        root, _, rest = name.partition(".")
        if root == "recovery":
            assert rest.split(".")[0] in parts, f"{path.name} imports {name}"
        else:
            known = root in sys.stdlib_module_names or root in libraries
            assert known, f"{path.name} imports {name}"


def test_nothing_in_the_package_imports_functions_or_infra() -> None:
    for _, path in modules():
        assert not {n for n in imports_of(path) if n.split(".")[0] in ("functions", "infra")}


@pytest.mark.parametrize("path", sorted((ROOT / "functions").glob("*.py")), ids=lambda p: p.name)
def test_a_handler_is_about_one_screen_and_calls_the_package_only(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 125, f"{path.name} has {len(lines)} lines"
    for name in imports_of(path):
        root = name.split(".")[0]
        allowed = {"recovery", "aws_lambda_powertools"} | set(sys.stdlib_module_names)
        assert root in allowed, f"{path.name} imports {name}"


@pytest.mark.parametrize("path", [p for part, p in modules() if part == "domain"])
def test_the_domain_reads_no_clock_and_knows_no_float(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for word in ("today()", "now()", "utcnow", "float(", "import time", "import logging", "open("):
        assert word not in text, f"{path.name} has {word}"


# Values without a rule of their own, and the rules whose test has another name.
WITHOUT_OWN_TEST = {
    "errors": "",
    "loan": "",
    "limits": "test_policy",
    "position": "test_allocation",
    "payment": "test_allocation",
    "history": "test_ledger",
    "ledger_row": "test_ledger",
    "evaluation": "test_ageing",
    "contact_plan": "test_review",
}


@pytest.mark.parametrize("path", [p for part, p in modules() if part == "domain"])
def test_each_rule_is_one_file_with_a_docstring_and_a_test(path: Path) -> None:
    if path.stem == "__init__":
        return
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring, f"{path.name} does not say what it is"
    test = WITHOUT_OWN_TEST.get(path.stem, f"test_{path.stem}")
    assert not test or (ROOT / "tests" / "domain" / f"{test}.py").exists(), test
