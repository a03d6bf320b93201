"""The event bus."""

from infra.shared.event_bus import SOURCE


def test_facts_are_archived_for_a_year_on_a_real_account(stack, embedded_stack):
    archive = stack.the("AWS::Events::Archive")
    assert archive["RetentionDays"] == 365
    assert archive["EventPattern"] == {"source": [SOURCE]}
    assert not embedded_stack.of_type("AWS::Events::Archive")


def test_functions_that_publish_facts_may_write_to_this_bus_only(stack):
    for publisher in ("AdvanceCase", "RouteChanges", "SendMessages"):
        (bus,) = stack.allowed(publisher, "events")["events:PutEvents"]
        assert "EventBus" in bus["Fn::GetAtt"][0]
