"""Where letters are kept under lock: nobody changes one; erasing takes a permission of its own."""

from aws_cdk.aws_iam import IGrantable, PolicyStatement
from constructs import Construct

from infra.settings import StackSettings
from infra.shared.data_key import DataKey
from infra.shared.locked_bucket import locked_bucket


class KeptLetters(Construct):
    """The bucket, apart from the functions that use it: it outlives every upgrade.

    Somebody who may bypass the lock can erase a letter, as a person's right may ask; no function.
    """

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
        return {"LetterBucketName": self.bucket.bucket_name}

    def allow(self, grantee: IGrantable, *actions: str) -> None:
        """Let the grantee do this with letters, such as ``s3:GetObject``."""
        grantee.grant_principal.add_to_principal_policy(
            PolicyStatement(actions=[*actions], resources=[self.bucket.arn_for_objects("*")])
        )
        self._key.allow_use(grantee)
