"""The state machine of a case."""

MACHINE = "AWS::StepFunctions::StateMachine"


def test_machines_are_standard_traced_and_logged_without_borrower_data(stack):
    for machine in stack.of_type(MACHINE).values():
        assert machine["StateMachineType"] == "STANDARD"
        assert machine["TracingConfiguration"] == {"Enabled": True}
        logging = machine["LoggingConfiguration"]
        assert (logging["Level"], logging["IncludeExecutionData"]) == ("ALL", False)


def test_it_may_call_its_functions_and_continue_as_new(stack):
    called = stack.allowed("RecoveryCaseStateMachine", "lambda")["lambda:InvokeFunction"]
    for each, name in zip(called, ("AdvanceCase", "PrepareDossier"), strict=True):
        assert name in str(each)
    started = stack.allowed("RecoveryCaseStateMachine", "states")
    assert set(started) == {"states:StartExecution"}


def test_its_function_may_signal_this_machine_only(stack):
    allowed = stack.allowed("AdvanceCase", "states")
    assert set(allowed) == {"states:SendTaskSuccess", "states:SendTaskFailure"}
    for (machine,) in allowed.values():
        assert machine["Ref"].startswith("RecoveryCaseStateMachine")


def test_failures_and_timeouts_raise_alarms(stack):
    watched = {
        (alarm["MetricName"], alarm["Dimensions"][0]["Value"]["Ref"])
        for alarm in stack.of_type("AWS::CloudWatch::Alarm").values()
        if alarm.get("Namespace") == "AWS/States" and alarm["MetricName"] != "ExecutionsSucceeded"
    }
    assert watched == {
        (metric, machine)
        for metric in ("ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted")
        for machine in stack.of_type(MACHINE)
    }
