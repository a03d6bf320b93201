"""The layers are small, complete, compiled and reproducible."""

from __future__ import annotations

import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from infra.layers import platform
from infra.layers.builds import build_dependencies, build_recovery
from infra.layers.platform import ROOT, LayerBuildError, Platform

UNZIPPED_LIMIT = 250 * 1024 * 1024
TARGETS = {"embedded": Platform.embedded, "lambda": Platform.lambda_arm64}


def digest(folder: Path) -> str:
    content = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return content.hexdigest()


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


GROUPS = ("functions", "documents", "pdf")
FUNCTIONS = ROOT / "functions"
WITH_DOCUMENTS = {
    "hear_replies",
    *("describe_api", "payment_batches_api"),
    "agreements_api",
    "note_deliveries",
    *("prepare_dossier", "write_letters"),
    "unsubscribe_api",
    *("audit_api", "contacts_api", "notes_api", "payments_api", "tasks_api"),
    *("import_portfolio", "send_messages"),
}


WITH_PDF = {"prepare_dossier", "write_letters"}


@pytest.fixture(scope="module", params=TARGETS)
def target(request: pytest.FixtureRequest) -> Platform:
    return TARGETS[request.param]()


@pytest.fixture(scope="module")
def dependencies(target: Platform, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    builds = tmp_path_factory.mktemp("builds")
    return {group: build_dependencies(group, target, builds=builds) for group in GROUPS}


@pytest.mark.slow
def test_two_builds_give_the_same_bytes(target, dependencies, tmp_path):
    for group, first in dependencies.items():
        again = build_dependencies(group, target, builds=tmp_path)
        assert (again.name, digest(again)) == (first.name, digest(first))


@pytest.mark.slow
def test_packages_in_the_runtime_are_not_shipped(dependencies):
    shipped = {p.name for layer in dependencies.values() for p in (layer / "python").iterdir()}
    assert shipped >= {"aws_lambda_powertools", "pynamodb", "pydantic", "babel", "jinja2"}
    modules = {p.name for p in (dependencies["pdf"] / "python").iterdir()}
    assert {name for name in modules if not name.endswith(".dist-info")} == {"typst"}
    first = {path.name for path in (dependencies["functions"] / "python").iterdir()}
    assert not first & {"pydantic", "babel", "jinja2", "phonenumbers"}
    for absent in ("boto3", "botocore", "s3transfer", "urllib3", "dateutil", "jmespath", "bin"):
        assert absent not in shipped


@pytest.mark.slow
def test_all_layers_together_stay_under_the_lambda_limit(target, dependencies, tmp_path):
    own = size(build_recovery(target, builds=tmp_path))
    sizes = {group: size(folder) for group, folder in dependencies.items()}
    pdf = sizes.pop("pdf")
    assert own + sum(sizes.values()) < UNZIPPED_LIMIT / 5
    assert own + sum(sizes.values()) + pdf < UNZIPPED_LIMIT * 3 / 5


@pytest.mark.slow
def test_native_code_is_built_for_the_target(target, dependencies):
    names = [path.name for layer in dependencies.values() for path in layer.rglob("*.so")]
    assert names
    if target.install_options[0].startswith("--python-platform"):
        assert all(
            "aarch64" in name and "cpython-313" in name for name in names if "cpython" in name
        )


def test_our_package_is_shipped_with_its_data_and_byte_code(tmp_path):
    layer = build_recovery(Platform.embedded(), builds=tmp_path)
    source = ROOT / "layers" / "recovery" / "python"
    expected = {p.relative_to(source) for p in source.rglob("*") if p.is_file()}
    expected = {path for path in expected if "__pycache__" not in path.parts}
    shipped = {p.relative_to(layer / "python") for p in layer.rglob("*") if p.is_file()}
    assert expected == {path for path in shipped if "__pycache__" not in path.parts}
    tag = f".{sys.implementation.cache_tag}.pyc" if not platform.EMBEDDED_PYTHON.exists() else ""
    compiled = {path.name.split(".")[0] for path in shipped if path.name.endswith(tag or ".pyc")}
    assert {path.stem for path in expected if path.suffix == ".py"} == compiled


def test_byte_code_is_never_checked_against_its_source(tmp_path):
    layer = build_recovery(Platform.embedded(), builds=tmp_path)
    for file in layer.rglob("*.pyc"):
        assert file.read_bytes()[4:8] == b"\x01\0\0\0", "not an unchecked hash"


def test_two_builds_of_our_package_give_the_same_bytes(tmp_path):
    first, second = (
        build_recovery(Platform.embedded(), builds=tmp_path / number) for number in ("1", "2")
    )
    assert (first.name, digest(first)) == (second.name, digest(second))


def test_an_existing_build_is_reused(tmp_path):
    first = build_recovery(Platform.embedded(), builds=tmp_path)
    (first / "rule_key").touch()
    assert (build_recovery(Platform.embedded(), builds=tmp_path) / "rule_key").exists()


def test_a_failing_build_says_what_failed(monkeypatch, tmp_path):
    monkeypatch.setenv("UV", sys.executable)
    with pytest.raises(LayerBuildError, match="export"):
        build_dependencies("functions", Platform.embedded(), builds=tmp_path)


def test_a_missing_uv_is_reported(monkeypatch):
    monkeypatch.delenv("UV", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(LayerBuildError, match="uv is not found"):
        platform.uv()


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Import paths on this machine for each layer and for what the Lambda runtime has."""
    folder, target = tmp_path_factory.mktemp("layers"), Platform.embedded()
    builds = {group: build_dependencies(group, target, builds=folder) for group in GROUPS}
    builds["recovery"] = build_recovery(target, builds=folder)
    runtime = folder / "runtime"
    runtime.mkdir()
    for name in ("boto3", "botocore", "s3transfer", "jmespath", "urllib3", "dateutil", "six"):
        origin = Path(importlib.util.find_spec(name).origin)
        found = origin.parent if origin.name == "__init__.py" else origin
        (runtime / found.name).symlink_to(found)
    return {name: str(build / "python") for name, build in builds.items()} | {
        "runtime": str(runtime)
    }


@pytest.mark.slow
@pytest.mark.parametrize("function", sorted(FUNCTIONS.glob("*.py")), ids=lambda path: path.stem)
def test_a_function_needs_nothing_but_its_layers(paths, function):
    names = ["runtime", "functions", "recovery"]
    names += ["documents"] if function.stem in WITH_DOCUMENTS else []
    names += ["pdf"] if function.stem in WITH_PDF else []
    code = (
        f"import sys; sys.path += {[paths[name] for name in names] + [str(FUNCTIONS)]};"
        f" import {function.stem} as f; assert callable(f.handler);"
        " from recovery.wiring import Wiring; from recovery.settings import Settings;"
        " ports = Wiring(Settings(table='t', shards=1)).of('i'); ports.loans;"
        + (" ports.pdf" if function.stem in WITH_PDF else "")
    )
    environment = {"POWERTOOLS_METRICS_NAMESPACE": "n", "AWS_DEFAULT_REGION": "eu-west-1"}
    # -S hides the packages of this environment.
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
