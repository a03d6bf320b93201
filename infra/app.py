"""`python -m infra.app`: what the CDK CLI runs to synthesize the stack."""

from aws_cdk import App, CliCredentialsStackSynthesizer, Environment, Validations
from cdk_nag import AwsSolutionsChecks, ServerlessChecks

from infra.settings import StackSettings
from infra.stack import RecoveryStack

STACK = "PortfolioRecovery"


def build(app: App, settings: StackSettings) -> RecoveryStack:
    """The stack in the app."""
    return RecoveryStack(
        app,
        STACK,
        settings=settings,
        description="Portfolio Recovery: sound, kind credit recovery for microfinance",
        env=Environment(account=settings.account, region=settings.region),
        # The embedded AWS refuses the bootstrap roles; the caller's own credentials publish there.
        synthesizer=CliCredentialsStackSynthesizer() if settings.embedded else None,
        termination_protection=not settings.embedded,
    )


def check(app: App) -> None:
    """Synthesis fails if AWS's own rules find what is not acknowledged with its reason."""
    Validations.of(app).add_plugins(AwsSolutionsChecks(app), ServerlessChecks(app))


if __name__ == "__main__":
    application = App()
    settings = StackSettings.from_context(application.node)
    build(application, settings)
    if not settings.embedded:
        check(application)
    application.synth()
