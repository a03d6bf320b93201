"""Where dossiers are kept under lock: what people approved is what lies there."""

from aws_cdk.aws_iam import IGrantable, PolicyStatement
from constructs import Construct

from infra.settings import StackSettings
from infra.shared.acknowledgements import acknowledge, export_name
from infra.shared.data_key import DataKey
from infra.shared.locked_bucket import locked_bucket


class KeptDossiers(Construct):
    """The bucket, apart from the functions that use it: it outlives every upgrade."""

    def __init__(self, scope: Construct, id: str, *, key: DataKey, settings: StackSettings) -> None:
        super().__init__(scope, id)
        self._key = key
        self.bucket = locked_bucket(self, "Bucket", key=key, settings=settings)

    @property
    def exported(self) -> tuple[str, ...]:
        """The names and ARNs another stack may use."""
        return self.bucket.bucket_name, self.bucket.bucket_arn

    @property
    def outputs(self) -> dict[str, str]:
        """What the command line needs, by name."""
        return {"DossierBucketName": self.bucket.bucket_name}

    def allow(self, grantee: IGrantable, *actions: str) -> None:
        """Let the grantee do this with dossiers, such as ``s3:GetObject``."""
        grantee.grant_principal.add_to_principal_policy(
            PolicyStatement(actions=[*actions], resources=[self.bucket.arn_for_objects("*")])
        )
        self._key.allow_use(grantee)
        acknowledge(
            grantee.role,
            f"AwsSolutions-IAM5[Resource::{export_name(self.bucket, self.bucket.bucket_arn)}/*]",
            because="It may reach any dossier of the bucket, which has nothing else.",
        )
