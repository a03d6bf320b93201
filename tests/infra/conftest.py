"""Both stacks, synthesized once per target without Docker, an account or the network."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

os.environ["JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION"] = "20"

from aws_cdk import App
from aws_cdk.assertions import Template

from infra.app import build, check
from infra.layers import construct as layers
from infra.layers.platform import ROOT, Platform
from infra.settings import StackSettings
from infra.stack_names import SERVICES, STATE


@dataclass(frozen=True)
class Synthesized:
    """Both stacks: each template as it is deployed, and both as one, with imports resolved."""

    templates: dict[str, dict[str, Any]]
    folder: Path

    @cached_property
    def content(self) -> dict[str, Any]:
        """Resources and outputs of both; what one imports reads as in the other's template."""
        exported = {
            output["Export"]["Name"]: output["Value"]
            for template in self.templates.values()
            for output in template["Outputs"].values()
            if "Export" in output
        }
        return {
            section: {
                name: _imported(value, exported)
                for template in self.templates.values()
                for name, value in template[section].items()
                if "Export" not in value
            }
            for section in ("Resources", "Outputs")
        }

    @cached_property
    def template(self) -> Template:
        """Both as one, to match."""
        return Template.from_json(self.content)

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return the properties of every resource of this kind, by logical id."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.content["Resources"].items()
            if resource["Type"] == kind
        }

    def the(self, kind: str, containing: str = "") -> dict[str, Any]:
        """Return the properties of the only resource of this kind with this text in its id."""
        found = {name: p for name, p in self.of_type(kind).items() if containing in name}
        assert len(found) == 1, f"{kind} {containing}: {list(found)}"
        return next(iter(found.values()))

    def allowed(self, role: str, service: str) -> dict[str, list[Any]]:
        """Return what a role may do with a service, as resources by action."""
        actions: dict[str, list[Any]] = {}
        for policy in self.of_type("AWS::IAM::Policy").values():
            if not any(role in each["Ref"] for each in policy["Roles"]):
                continue
            for statement in policy["PolicyDocument"]["Statement"]:
                resource = statement.get("Resource", statement.get("NotResource"))
                for action in _listed(statement["Action"]):
                    if action.startswith(f"{service}:"):
                        actions.setdefault(action, []).extend(_listed(resource))
        return actions


def _imported(value: Any, exported: Mapping[str, Any]) -> Any:
    """Return the value with each import replaced by what the export refers to."""
    if isinstance(value, list):
        return [_imported(each, exported) for each in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Fn::ImportValue"}:
        return exported[value["Fn::ImportValue"]]
    return {name: _imported(each, exported) for name, each in value.items()}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.fixture(scope="session")
def context() -> dict[str, Any]:
    """The context in `cdk.json`."""
    return json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]


@pytest.fixture(scope="session")
def synthesize(
    context: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Synthesized]]:
    """Synthesize the stacks with layers of one empty file, so nothing is installed."""
    layer = tmp_path_factory.mktemp("layers") / "stub"
    (layer / "python").mkdir(parents=True)
    (layer / "python" / "stub.py").touch()

    def synthesized(*, embedded: bool, checked: bool = True) -> Synthesized:
        folder = tmp_path_factory.mktemp("cdk.out")
        app = App(outdir=str(folder), context=context)
        values = context | {"embedded": embedded, "account": "111122223333", "region": "eu-west-1"}
        build(app, StackSettings.from_values(values))
        if checked:
            check(app)
        assembly = app.synth()
        names = (STATE, SERVICES)
        return Synthesized({n: assembly.get_stack_by_name(n).template for n in names}, folder)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layers, "build_dependencies", lambda group, target: layer)
        patch.setattr(layers, "build_recovery", lambda target: layer)
        patch.setattr(Platform, "lambda_arm64", Platform.embedded)
        yield synthesized


@pytest.fixture(scope="session")
def stack(synthesize: Callable[..., Synthesized]) -> Synthesized:
    """The stacks for a real account; synthesis fails on any cdk-nag finding."""
    return synthesize(embedded=False)


@pytest.fixture(scope="session")
def embedded_stack(synthesize: Callable[..., Synthesized]) -> Synthesized:
    """The stacks for the embedded AWS."""
    return synthesize(embedded=True, checked=False)


@pytest.fixture(params=["stack", "embedded_stack"])
def either_stack(request: pytest.FixtureRequest) -> Synthesized:
    """The stacks of each target in turn."""
    return request.getfixturevalue(request.param)
