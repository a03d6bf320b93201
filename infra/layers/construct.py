"""The layers: packages for every function, packages for some, and the recovery package.

The embedded AWS unpacks a function's layers for each process it starts. There, the pinned packages
are installed in its own environment (`infra.embedded.aws.prepare`) and only ours is a layer.
"""

from pathlib import Path

from aws_cdk import Annotations
from aws_cdk.aws_lambda import Architecture, Code, LayerVersion, Runtime
from constructs import Construct

from infra.layers.builds import build_dependencies, build_recovery
from infra.layers.platform import RUNTIME_PYTHON, Platform

RUNTIME = Runtime.PYTHON_3_13
ARCHITECTURE = Architecture.ARM_64


class Layers(Construct):
    """All layers, for Lambda or for the Python that runs the embedded AWS."""

    def __init__(self, scope: Construct, id: str, *, embedded: bool) -> None:
        super().__init__(scope, id)
        platform = Platform.embedded() if embedded else Platform.lambda_arm64()
        if not platform.interpreter:
            Annotations.of(self).add_warning_v2(
                "recovery:layers-without-byte-code",
                f"Python {RUNTIME_PYTHON} is not installed, so the layers are not compiled and "
                f"functions start half as fast. Run `uv python install {RUNTIME_PYTHON}`.",
            )
        self.recovery = self._layer("Recovery", build_recovery(platform))
        self.for_every_function = [self.recovery]
        self.for_documents: list[LayerVersion] = []
        self.for_pdf: list[LayerVersion] = []
        if not embedded:
            pinned = build_dependencies("functions", platform)
            self.for_every_function.append(self._layer("Functions", pinned))
            pinned = build_dependencies("documents", platform)
            self.for_documents.append(self._layer("Documents", pinned))
            pinned = build_dependencies("pdf", platform)
            self.for_pdf.append(self._layer("Pdf", pinned))

    def _layer(self, id: str, folder: Path) -> LayerVersion:
        return LayerVersion(
            self,
            id,
            code=Code.from_asset(str(folder), asset_hash=folder.name),
            compatible_runtimes=[RUNTIME],
            compatible_architectures=[ARCHITECTURE],
        )
