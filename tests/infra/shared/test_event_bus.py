"""The bus of facts."""

from infra.shared.event_bus import SOURCE


def test_facts_are_kept_for_a_year_where_archives_exist(stack, embedded_stack):
    archive = stack.the("AWS::Events::Archive")
    assert archive["RetentionDays"] == 365
    assert archive["EventPattern"] == {"source": [SOURCE]}
    assert not embedded_stack.of_type("AWS::Events::Archive")


def test_every_function_that_tells_facts_may_write_to_this_bus_only(stack):
    for teller in ("AdvanceCase", "RouteChanges", "SendMessages"):
        (bus,) = stack.allowed(teller, "events")["events:PutEvents"]
        assert "EventBus" in bus["Fn::GetAtt"][0]
