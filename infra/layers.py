"""The two layers that every function has: pinned dependencies, and the recovery package."""

from pathlib import Path

from aws_cdk import Annotations
from aws_cdk.aws_lambda import Architecture, Code, LayerVersion, Runtime
from constructs import Construct

from infra.layer_builds import build_dependencies, build_recovery
from infra.layer_target import RUNTIME_PYTHON, Target

RUNTIME = Runtime.PYTHON_3_13
ARCHITECTURE = Architecture.ARM_64


class Layers(Construct):
    """Both layers, for Lambda or for the Python that runs the embedded AWS."""

    def __init__(self, scope: Construct, id: str, *, embedded: bool) -> None:
        super().__init__(scope, id)
        target = Target.embedded() if embedded else Target.lambda_arm64()
        if not target.interpreter:
            Annotations.of(self).add_warning_v2(
                "recovery:layers-without-byte-code",
                f"Python {RUNTIME_PYTHON} is not here to compile the layers: functions start "
                f"half as fast. `uv python install {RUNTIME_PYTHON}` mends it.",
            )
        self.dependencies = self._layer("Dependencies", build_dependencies(target))
        self.recovery = self._layer("Recovery", build_recovery(target))

    def _layer(self, id: str, folder: Path) -> LayerVersion:
        return LayerVersion(
            self,
            id,
            code=Code.from_asset(str(folder), asset_hash=folder.name),
            compatible_runtimes=[RUNTIME],
            compatible_architectures=[ARCHITECTURE],
        )
