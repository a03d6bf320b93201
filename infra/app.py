"""`python -m infra.app`: what the CDK CLI runs to synthesize the stack."""

from aws_cdk import App, CliCredentialsStackSynthesizer, Environment, Validations
from cdk_nag import AwsSolutionsChecks, ServerlessChecks

from infra.settings import Settings
from infra.stack import RecoveryStack

STACK = "PortfolioRecovery"


def build(app: App, settings: Settings) -> RecoveryStack:
    """The stack in the app, checked against AWS's own rules when it is synthesized."""
    stack = RecoveryStack(
        app,
        STACK,
        settings=settings,
        description="Portfolio Recovery: sound, kind credit recovery for microfinance",
        env=Environment(account=settings.account, region=settings.region),
        # The embedded AWS refuses the bootstrap roles; the caller's own credentials publish there.
        synthesizer=CliCredentialsStackSynthesizer() if settings.embedded else None,
        termination_protection=not settings.embedded,
    )
    Validations.of(app).add_plugins(AwsSolutionsChecks(app), ServerlessChecks(app))
    return stack


if __name__ == "__main__":
    application = App()
    build(application, Settings.from_context(application.node))
    application.synth()
