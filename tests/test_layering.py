"""Check the import rules across the package's layers and among the domain's rooms."""

import ast
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "layers" / "recovery" / "python" / "recovery"
AWS = {"boto3", "botocore", "pynamodb", "aws_lambda_powertools", "aws_cdk", "constructs"}
OUTSIDE = {
    "pydantic",
    "pydantic_core",
    "typing_extensions",
    "babel",
    "phonenumbers",
    "jinja2",
    "holidays",
}

# For each layer: the layers and third-party libraries it may import.
LAYERS: dict[str, tuple[set[str], set[str]]] = {
    "domain": ({"domain"}, set()),
    "messages": ({"domain", "messages"}, {"babel", "jinja2"}),
    "documents": ({"domain", "documents"}, OUTSIDE),
    "ports": ({"domain", "ports"}, set()),
    "api": (
        {"domain", "documents", "ports", "use_cases", "api"},
        {"aws_lambda_powertools"},
    ),
    "use_cases": ({"domain", "messages", "documents", "ports", "use_cases"}, set()),
    "adapters": (
        {"domain", "ports", "documents", "adapters"},
        AWS - {"aws_lambda_powertools"} | {"typst"},
    ),
    "settings": (set(), set()),
    "wiring": ({"ports", "settings", "adapters"}, set()),
}

# The rooms of the domain: each may import those before it. Joiners may import every room.
ROOMS = (
    "shared",
    "accounting",
    "schedules",
    "monitoring",
    "agreements",
    "cases",
    "contact",
    "judicial",
    "portfolio",
)
JOINERS = (
    *("policy", "policy_advice", "outbox"),
    *("loan_state", "loan_end", "outlook", "review_dates", "wish_answers"),
    *("review_seen", "review_case", "review_wish", "review_tasks", "review_news", "review"),
)
# Rooms outside the order, with the rooms they may import.
UNORDERED = {"intake": {"shared", "accounting", "intake"}}


@cache
def imports_of(path: Path) -> frozenset[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            # Count submodules too, as in `from recovery.domain import policy`.
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(names)


def place_of(path: Path) -> tuple[str, ...]:
    """Return a module's place in the package: ("domain", "accounting", "ledger")."""
    return path.relative_to(PACKAGE).with_suffix("").parts


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if place_of(path) != ("__init__",))
DOMAIN = [path for path in MODULES if place_of(path)[0] == "domain"]


def ident(path: Path) -> str:
    return "/".join(place_of(path))


def may_import_in_domain(place: tuple[str, ...]) -> set[str]:
    """Return the rooms and joiners a domain module may import."""
    room = place[1]
    if room in UNORDERED:
        return UNORDERED[room]
    if room in JOINERS:
        return {*ROOMS, *UNORDERED, *JOINERS[: JOINERS.index(room)]}
    return set(ROOMS[: ROOMS.index(room) + 1])


def test_the_package_has_exactly_the_known_layers() -> None:
    assert {place_of(path)[0] for path in MODULES} == set(LAYERS)


@pytest.mark.parametrize("path", MODULES, ids=ident)
def test_each_layer_imports_only_what_it_is_allowed(path: Path) -> None:
    layers, libraries = LAYERS[place_of(path)[0]]
    for name in imports_of(path):
        root, _, rest = name.partition(".")
        if root == "recovery":
            assert rest.split(".")[0] in layers, f"{ident(path)} imports {name}"
        else:
            known = root in sys.stdlib_module_names or root in libraries
            assert known, f"{ident(path)} imports {name}"


@pytest.mark.parametrize("path", DOMAIN, ids=ident)
def test_each_domain_room_imports_only_rooms_before_it(path: Path) -> None:
    place = place_of(path)
    if place[1] == "__init__":
        return
    allowed = may_import_in_domain(place)
    for name in imports_of(path):
        if name.startswith("recovery.domain."):
            assert name.split(".")[2] in allowed, f"{ident(path)} imports {name}"


def test_only_joiners_sit_outside_the_domain_rooms() -> None:
    top_level = {place_of(path)[1] for path in DOMAIN if len(place_of(path)) == 2}
    assert top_level <= {*JOINERS, "__init__"}


def test_modules_have_no_circular_imports() -> None:
    """Remove modules that import no remaining one until none are left."""
    names = {"recovery." + ".".join(place_of(path)): path for path in MODULES}
    needs = {
        name: {
            ".".join(parts[:length])
            for each in imports_of(path)
            for parts in [each.split(".")]
            for length in range(len(parts), 1, -1)
            if ".".join(parts[:length]) in names
        }
        for name, path in names.items()
    }
    while free := {name for name, needed in needs.items() if not needed & needs.keys()}:
        needs = {name: needed for name, needed in needs.items() if name not in free}
    assert not needs, f"circular imports among {sorted(needs)}"


@pytest.mark.parametrize("path", sorted((ROOT / "functions").glob("*.py")), ids=lambda p: p.name)
def test_a_handler_is_short_and_imports_only_the_package(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 50, f"{path.name} has {len(lines)} lines"
    for name in imports_of(path):
        root = name.split(".")[0]
        allowed = {"recovery", "aws_lambda_powertools"} | set(sys.stdlib_module_names)
        assert root in allowed, f"{path.name} imports {name}"


@pytest.mark.parametrize("path", DOMAIN, ids=ident)
def test_the_domain_uses_no_clock_and_no_floats(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for word in ("today()", "now()", "utcnow", "float(", "import logging", "open("):
        assert word not in text, f"{ident(path)} has {word}"
    assert "time" not in imports_of(path), f"{ident(path)} imports time"


# Values without rules of their own, and rules tested under another name.
WITHOUT_OWN_TEST = {
    "shared/errors": "",
    "shared/limits": "test_policy",
    "outbox": "test_review",
    "loan_state": "test_review",
    "review_dates": "test_review",
    **dict.fromkeys(("review_case", "review_news", "review_seen", "review_tasks"), "test_review"),
    **dict.fromkeys(("review_wish", "wish_answers"), "test_review"),
    "accounting/policy": "test_policy",
    "monitoring/shock_policy": "portfolio/test_shock",
    "accounting/relief": "agreements/test_relief",
    "agreements/option_kinds": "agreements/test_options",
    "judicial/letter_outlook": "judicial/test_letters_due",
    "judicial/letter_standing": "judicial/test_letters_due",
    "agreements/option_search": "agreements/test_options",
    "agreements/option_ways": "agreements/test_options",
    "accounting/loan": "",
    "accounting/position": "accounting/test_allocation",
    "accounting/payment": "accounting/test_allocation",
    "accounting/history": "accounting/test_ledger",
    "accounting/ledger_rows": "accounting/test_ledger",
    "accounting/said": "agreements/test_promise",
    "accounting/agreed": "agreements/test_payment_plan",
    "agreements/fact_request": "",
    "agreements/person_request": "",
    "agreements/policy": "test_policy",
    "monitoring/evaluation": "monitoring/test_ageing",
    "monitoring/policy": "test_policy",
    "monitoring/pattern": "monitoring/test_patterns",
    "cases/policy": "test_policy",
    "cases/signals": "test_review",
    "contact/borrower": "contact/test_gate",
    "contact/policy": "test_policy",
    "contact/plan": "test_review",
    "judicial/limitation_rules": "judicial/test_claim_rules",
    "judicial/limitation_periods": "judicial/test_limitation",
    "judicial/claim_account": "judicial/test_claim",
    "intake/policy": "test_policy",
    "portfolio/conduct": "portfolio/test_conduct_report",
    "portfolio/conduct_kinds": "portfolio/test_conduct_report",
    "judicial/facts": "",
    "judicial/finding": "judicial/test_decision",
    "judicial/rules": "judicial/test_rule_checks",
    "judicial/confirming": "judicial/test_decision",
}


@pytest.mark.parametrize("path", DOMAIN, ids=ident)
def test_each_domain_file_has_a_docstring_and_a_test(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring, f"{ident(path)} has no docstring"
    if path.stem == "__init__":
        return
    *folders, stem = place_of(path)[1:]
    own_test = "/".join((*folders, f"test_{stem}"))
    test = WITHOUT_OWN_TEST.get("/".join((*folders, stem)), own_test)
    assert not test or (ROOT / "tests" / "domain" / f"{test}.py").exists(), test


@pytest.mark.parametrize("folder", ["domain", "use_cases", "documents", "adapters", "infra"])
def test_test_folders_mirror_the_code(folder: str) -> None:
    code = ROOT / "infra" if folder == "infra" else PACKAGE / folder
    for path in (ROOT / "tests" / folder).rglob("test_*.py"):
        room = path.relative_to(ROOT / "tests" / folder).parent
        assert (code / room).is_dir(), f"there is no room {room} in {folder}"


def test_typst_is_imported_only_where_pdf_files_are_written_and_drawn() -> None:
    users = [ident(path) for path in MODULES if "typst" in imports_of(path)]
    assert users == ["adapters/paper_pages", "adapters/pdf"]


def test_private_names_of_pynamodb_are_used_in_one_file() -> None:
    private = ("._get_connection", "Item._connection", "._local.session", "connection._client")
    allowed = {PACKAGE / "adapters" / "dynamodb" / "connection.py", Path(__file__)}
    for folder in ("layers", "infra", "functions", "tests"):
        for path in {*(ROOT / folder).rglob("*.py")} - allowed:
            text = path.read_text(encoding="utf-8")
            assert not [name for name in private if name in text], path
