"""The outputs of both stacks are read as one."""

import json

import pytest

from infra.deployment import deploy
from infra.deployment.deploy import DeploymentError, outputs
from infra.stack_names import SERVICES, STATE


@pytest.fixture
def written(tmp_path, monkeypatch):
    file = tmp_path / "outputs.json"
    monkeypatch.setattr(deploy, "OUTPUTS", file)
    return lambda found: file.write_text(json.dumps(found))


def test_both_stacks_answer_without_what_only_stacks_read(written):
    written(
        {
            STATE: {"TableName": "loans", "ExportsOutputRefLoanTableEB9531047C272BF5": "loans"},
            SERVICES: {"ApiId": "a1"},
        }
    )
    assert outputs() == {"TableName": "loans", "ApiId": "a1"}


def test_a_deployment_that_stopped_between_the_stacks_is_none(written):
    written({STATE: {"TableName": "loans"}})
    with pytest.raises(DeploymentError, match="Run `recovery deploy` first"):
        outputs()
