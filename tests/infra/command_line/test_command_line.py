"""The command line explains itself and reports errors the user can fix."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from infra.command_line import (
    actors,
    app,
    institutions,
    loan_status,
    loans,
    main,
    policies,
    repairs,
)
from infra.command_line.demo import _own_plan
from infra.demo.play import Plan, _by_business_day, business_days
from infra.deployment.delivery import delivery_files, read_folder
from infra.deployment.target import Target, TargetError
from infra.embedded import aws as embedded_aws
from recovery.adapters.dynamodb.codec import policy_to_json
from recovery.documents.intake.rows import PaymentRow
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.shared.actor import Actor, Role
from tests.fakes import FakeCaseRepository, FakeInstitutionRepository, FakeLoanRepository

ROOT = Path(__file__).parents[3]
COMMANDS = [
    *"demo up deploy down migrate import post-payment review status case decide policy".split(),  # noqa: SIM905
    *("schedule", "evaluate", "restructure", "repair", "reconcile", "institution", "person"),
    *("fact", "party", "events", "rights", "tasks", "cases", "contact"),
    *("promise", "dispute", "hardship", "hold", "complaint"),
    *("payment", "suspense"),
    *("deliveries", "decide-import", "portfolio"),
    *("write-offs", "texts", "conduct", "why", "assess", "options"),
    *("offer", "agree", "plan", "relief"),
    *("backtest", "doctor", "lesson", "experiment"),
    *("export", "place", "recall", "placements"),
    *("claim", "limitation", "sue-or-settle", "procedure", "packs"),
    *("pre-action", "proceedings"),
    "dossier",
]
run = CliRunner()


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command: str) -> None:
    result = run.invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert len(result.output.split()) > 15


def test_the_default_policy_can_be_saved_and_checked(tmp_path: Path) -> None:
    shown = run.invoke(app, ["policy", "show"])
    assert json.loads(shown.output) == json.loads(policy_to_json(DEFAULT_POLICY))
    file = tmp_path / "policy.json"
    file.write_text(shown.output)
    checked = run.invoke(app, ["policy", "check", str(file)]).output
    assert "is valid" in checked and "unwise" not in checked


def test_a_policy_wider_than_the_careful_default_is_valid_and_called_unwise(tmp_path) -> None:
    file = tmp_path / "policy.json"
    file.write_text('{"contact": {"from_time": "07:00", "until_time": "19:00"}}')
    checked = run.invoke(app, ["policy", "check", str(file)])
    assert checked.exit_code == 0
    assert "is valid" in checked.output
    assert "- contact.from_time 07:00 is before the careful 09:00." in checked.output


def test_an_invalid_policy_is_reported_field_by_field(tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    file.write_text('{"monitoring": {"grace_days": -1}, "contact": {"weekdays": []}}')
    result = run.invoke(app, ["policy", "check", str(file)])
    assert isinstance(result.exception, TargetError)
    assert "monitoring.grace_days: must be between 0 and 3660" in str(result.exception)
    assert "contact.weekdays" in str(result.exception)


def test_without_a_running_aws_the_error_says_what_to_do(monkeypatch, capsys) -> None:
    monkeypatch.setattr(embedded_aws, "running", lambda: None)
    monkeypatch.setattr(sys, "argv", ["recovery", "status", "L-1"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 1
    result = capsys.readouterr().err
    assert "recovery up" in result
    assert "Traceback" not in result


@pytest.mark.parametrize(
    "days",
    [
        ["--to", "0001-01-01"],
        ["--to", "9999-12-31"],
        ["--from", "0001-01-01"],
        ["--from", "2026-03-01", "--to", "2026-01-01"],
        ["--from", "2026-02-30"],
    ],
)
def test_days_that_cannot_be_replayed_are_refused(days: list[str]) -> None:
    assert run.invoke(app, ["demo", *days]).exit_code == 2


@pytest.fixture
def target(monkeypatch) -> SimpleNamespace:
    """A target with nothing behind it except the institution umoja."""
    wiring = SimpleNamespace(institutions=FakeInstitutionRepository())
    made = SimpleNamespace(wiring=wiring, of=lambda institution_id: wiring)
    made.institution = partial(Target.institution, made)
    for module in (loans, loan_status, policies):
        monkeypatch.setattr(module, "find_target", lambda *, real: made)
    return made


@pytest.mark.parametrize("command", ["import .", "review", "policy put policy.json"])
def test_an_institution_that_is_not_on_record_is_refused(
    target, tmp_path: Path, monkeypatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("policy.json").write_text("{}")
    result = run.invoke(app, [*command.split(), "--institution", "nobody"])
    assert isinstance(result.exception, TargetError)
    assert "nobody" in str(result.exception) and "umoja" in str(result.exception)


def test_a_folder_that_cannot_be_written_to_is_reported(
    target, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(loans, "import_folder", lambda *_: ({"rejections": 1}, "file,row"))
    (tmp_path / "rejected.csv").mkdir()  # not even root can write a file there
    result = run.invoke(app, ["import", str(tmp_path)])
    assert isinstance(result.exception, TargetError)
    assert "The import is done" in str(result.exception)


def test_the_list_of_rejected_rows_goes_when_none_is_rejected(
    target, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(loans, "import_folder", lambda *_: ({"rejections": 0}, ""))
    (tmp_path / "rejected.csv").write_text("file,row")
    assert run.invoke(app, ["import", str(tmp_path)]).exit_code == 0
    assert not (tmp_path / "rejected.csv").exists()


def test_an_import_with_rejections_fails_and_says_where_they_are(
    target, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(loans, "import_folder", lambda *_: ({"rejections": 1}, "file,row"))
    result = run.invoke(app, ["import", str(tmp_path)])
    assert result.exit_code == 1
    assert str(tmp_path / "rejected.csv") in result.output
    assert (tmp_path / "rejected.csv").read_text() == "file,row"


def test_the_manifest_of_a_folder_is_completed(tmp_path: Path) -> None:
    (tmp_path / "loans.csv").touch()
    (tmp_path / "manifest.json").write_text('{"dialect": {"delimiter": ";"}, "full": true}')
    delivery = read_folder(tmp_path, "umoja")
    assert (delivery.manifest.dialect.delimiter, delivery.manifest.full) == (";", True)
    assert delivery.files == {"loans": tmp_path / "loans.csv"}
    assert json.loads(delivery.text) == {
        "institution_id": "umoja",
        "files": {"loans": "loans.csv"},
        "dialect": {"delimiter": ";"},
        "full": True,
    }


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ('{"dialect": {"delimiter": ";"}, "dialect": {}}', "duplicate field"),
        ('{"dialect": {"delimiter": "|"}}', "dialect.delimiter"),
        ('{"files": {"loans": "leningen.csv"}}', "leningen.csv is missing"),
        ('{"institution_id": "casa"}', "institution_id"),
        ("[]", "not a JSON object"),
    ],
)
def test_a_folder_with_an_unusable_manifest_is_refused(
    tmp_path: Path, manifest: str, said: str
) -> None:
    (tmp_path / "loans.csv").touch()
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(TargetError, match=said):
        read_folder(tmp_path, "umoja")


def test_files_of_ones_own_are_copied_in_the_plain_form(tmp_path: Path) -> None:
    own, folder = tmp_path / "own", tmp_path / "copy"
    own.mkdir()
    folder.mkdir()
    rows = (
        "payment_id;loan_id;value_date;amount",
        "P1;L1;4-5-2026;12,50",
        "P2;L1;3-4-2026;1.000,00",
    )
    (own / "betalingen.csv").write_text("\n".join(rows))
    dialect = {"delimiter": ";", "decimal": ",", "thousands": ".", "dates": "dd-mm-yyyy"}
    manifest = {"dialect": dialect, "files": {"payments": "betalingen.csv"}}
    (own / "manifest.json").write_text(json.dumps(manifest))
    plan = _own_plan(own, folder, date(2026, 5, 1), date(2026, 5, 31))
    assert [(each.payment_id, each.amount) for each in plan.payments] == [("P1", "12.50")]
    assert "P2,L1,2026-04-03,1000.00,," in (folder / "payments.csv").read_text()


def test_a_policy_version_on_record_is_not_overwritten(target, tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    put = ["policy", "put", str(file)]
    file.write_text('{"cases": {"probation_days": 45}}')
    assert "is the default policy" in str(run.invoke(app, put).exception)
    file.write_text('{"version": 2}')
    assert "takes effect for umoja on" in run.invoke(app, put).output
    file.write_text('{"version": 2, "cases": {"probation_days": 45}}')
    assert "Raise `version`" in str(run.invoke(app, put).exception)


@pytest.mark.parametrize("command", ["status", "case"])
def test_a_loan_that_was_never_imported_is_reported(target, command: str) -> None:
    target.wiring.loans = FakeLoanRepository()
    target.wiring.cases = FakeCaseRepository()
    result = run.invoke(app, [command, "L999999"])
    assert "Import it first, or check the id" in str(result.exception)


def test_a_replay_never_runs_on_a_real_account() -> None:
    result = run.invoke(app, ["review", "--replay", "--aws"])
    assert isinstance(result.exception, TargetError)


def test_a_folder_without_portfolio_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match=r"borrowers\.csv"):
        delivery_files(tmp_path)


def test_weekend_payments_are_posted_on_monday(tmp_path: Path) -> None:
    def paid(on: date) -> PaymentRow:
        return PaymentRow(payment_id=f"P{on}", loan_id="L", value_date=on, amount="1")

    friday, saturday, monday = date(2026, 5, 1), date(2026, 5, 2), date(2026, 5, 4)
    plan = Plan(tmp_path, [paid(saturday), paid(monday), paid(friday)], friday, monday)
    assert list(business_days(friday, monday)) == [friday, monday]
    by_day = _by_business_day(plan)
    assert [[p.value_date for p in rows] for rows in by_day[monday]] == [[saturday, monday]]
    assert [[p.value_date for p in rows] for rows in by_day[friday]] == [[friday]]


def test_an_invalid_payment_row_of_ones_own_files_is_shown_and_left_out(tmp_path, capsys) -> None:
    own, folder = tmp_path / "own", tmp_path / "copy"
    own.mkdir()
    folder.mkdir()
    rows = ("payment_id,loan_id,value_date,amount", "P1,L1,2026-05-04,12.50", "P2,L1,2026-05-04,-1")
    (own / "payments.csv").write_text("\n".join(rows) + "\n")
    plan = _own_plan(own, folder, date(2026, 5, 1), date(2026, 5, 31))
    assert [each.payment_id for each in plan.payments] == ["P1"]
    shown = " ".join(capsys.readouterr().out.split())
    assert "payments row 2, amount: is not an amount" in shown


def test_commands_in_the_readme_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    used = set(re.findall(r"^(?:`)?recovery ([a-z][a-z-]+)", readme, re.M))
    used |= set(re.findall(r"`recovery ([a-z][a-z-]+)", readme))
    assert used
    assert used <= set(COMMANDS)


def test_the_policy_schema_is_json() -> None:
    result = run.invoke(app, ["policy", "schema"])
    schema = json.loads(result.output)
    assert "probation_days" in schema["$defs"]["CasePolicy"]["properties"]


def test_the_command_line_does_not_import_the_cdk() -> None:
    code = "import sys, infra.command_line; sys.exit('aws_cdk' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_people_are_added_with_roles_and_listed(target, monkeypatch) -> None:
    monkeypatch.setattr(actors, "find_target", lambda *, real: target)
    arn = "arn:aws:iam::1:user/ana"
    added = run.invoke(app, ["person", "add", arn, "--name", "Ana", "--role", "supervisor"])
    assert "Ana may act for umoja as supervisor" in added.output
    assert "supervisor" in run.invoke(app, ["person", "list"]).output
    refused = run.invoke(app, ["person", "add", arn, "--name", " ", "--role", "supervisor"])
    assert "name: is empty" in str(refused.exception)


def test_elsewhere_than_on_the_embedded_aws_credentials_say_who_decides(target) -> None:
    arn = "arn:aws:iam::1:user/ana"
    target.embedded = None
    target.client = lambda _: SimpleNamespace(get_caller_identity=lambda: {"Arn": arn})
    with pytest.raises(TargetError, match="Leave out --by"):
        actors.deciding_actor(target, "umoja", "Ana")
    with pytest.raises(TargetError, match="not among the people of umoja"):
        actors.deciding_actor(target, "umoja", None)
    ana = Actor(id=arn, name="Ana", roles=frozenset({Role.LEGAL}))
    target.wiring.institutions.save_actor("umoja", ana)
    assert actors.deciding_actor(target, "umoja", None) == ana


def test_on_the_embedded_aws_a_typed_name_is_marked(target) -> None:
    target.embedded = object()
    with pytest.raises(TargetError, match="--by"):
        actors.deciding_actor(target, "umoja", None)
    assert actors.deciding_actor(target, "umoja", " Ana ").in_words() == (
        "Ana (name typed by hand)"
    )


def test_institutions_are_added_listed_and_given_access_to_themselves_only(
    target, monkeypatch
) -> None:
    monkeypatch.setattr(institutions, "find_target", lambda *, real: target)
    target.wiring.now = lambda: datetime(2026, 2, 2, 12, tzinfo=UTC)
    named = ["--name", "Casa", "--time-zone", "Europe/Madrid", "--review-at", "08:15"]
    added = run.invoke(app, ["institution", "add", "casa", *named])
    assert "casa: reviewed daily from 08:15, Europe/Madrid." in added.output
    listed = run.invoke(app, ["institution", "list"]).output
    assert "casa" in listed and "umoja" in listed and "08:15" in listed
    for wrong, why in (
        (["add", "Casa", *named], "is no id"),
        (["add", "casa", *named[:2], "--time-zone", "Nowhere"], "is no time zone"),
        (["add", "casa", *named[:-1], "late"], "is no time"),
    ):
        assert why in str(run.invoke(app, ["institution", *wrong]).exception)
    outputs = {
        "DataKeyArn": "arn:aws:kms:eu-west-1:1:key/k",
        "ApiId": "api",
        "ApiStage": "v1",
        "ImportBucketName": "files",
    }
    resources = json.dumps(institutions.client_policy(outputs, "casa"))
    assert "arn:aws:execute-api:eu-west-1:1:api/v1/*/institutions/casa/*" in resources
    assert "arn:aws:s3:::files/imports/casa/*" in resources
    assert "umoja" not in resources and '"*"' not in resources


def test_what_messages_say_of_an_institution_stays_unless_given(target, monkeypatch) -> None:
    monkeypatch.setattr(institutions, "find_target", lambda *, real: target)
    add = ["institution", "add", "casa", "--name", "Casa", "--time-zone", "Europe/Madrid"]
    run.invoke(app, [*add, "--phone", "+34900000000", "--pay-account", "ES91 2100"])
    run.invoke(app, [*add, "--pay-account", "", "--pay-link", "https://pay.example.org"])
    run.invoke(app, [*add, "--debt-advice", "Cáritas, +34914441000"])
    casa = target.wiring.institutions.find("casa")
    assert (casa.phone, casa.pay_account) == ("+34900000000", "")
    assert (casa.pay_link, casa.debt_advice) == ("https://pay.example.org", "Cáritas, +34914441000")
    for wrong, why in (
        (["--phone", "900"], "phone: must be a number such as"),
        (["--pay-link", "http://pay.example.org"], "pay_link: must be an address such as https"),
    ):
        assert why in str(run.invoke(app, [*add, *wrong]).exception)


def test_a_case_is_repaired_by_its_id(target, monkeypatch) -> None:
    monkeypatch.setattr(repairs, "find_target", lambda *, real: target)
    target.wiring.cases = FakeCaseRepository()
    for case, why in (("L-1", "is no case id"), ("L-1-C1", "does not wait for repair")):
        assert why in str(run.invoke(app, ["repair", case]).exception)


def test_all_mistakes_of_a_policy_are_told_at_once_with_the_nearest_name(tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    file.write_text(
        '{"monitorin": {}, "monitoring": {"grce_days": 1, "grace_days": -1},'
        ' "cases": {"probation_days": "x"}, "contact": {"weekdays": []}}'
    )
    said = str(run.invoke(app, ["policy", "check", str(file)]).exception)
    for expected in (
        'monitorin: is not a known field. Did you mean "monitoring"?',
        'monitoring.grce_days: is not a known field. Did you mean "grace_days"?',
        "monitoring.grace_days: must be between 0 and 3660",
        "cases.probation_days: is not a whole number",
        "contact.weekdays: must be one to seven days",
    ):
        assert expected in said


def test_what_is_lawful_nowhere_or_forgotten_is_said(tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    file.write_text(
        '{"contact": {"from_time": "00:00", "max_messages_per_week": 50, "messages": []}}'
    )
    checked = run.invoke(app, ["policy", "check", str(file)])
    assert checked.exit_code == 0
    nowhere, forgotten = checked.output.split("Perhaps forgotten:")
    assert "Lawful nowhere that we know" in nowhere
    assert "contact.from_time 00:00 is before 06:00" in nowhere
    assert "contact.max_messages_per_week 50 is more than 7" in nowhere
    assert nowhere.count("max_messages_per_week") == 1
    assert "plans no notice_before_judicial_recovery" in forgotten


def test_the_policy_in_force_on_a_day_is_shown(target) -> None:
    later = replace(DEFAULT_POLICY, version=2, effective_from=date(2026, 5, 1))
    target.wiring.institutions.save_policy("umoja", later)
    before = run.invoke(app, ["policy", "show", "--on", "2026-04-30"]).output
    after = run.invoke(app, ["policy", "show", "--in-force", "--on", "2026-05-01"]).output
    assert (json.loads(before)["version"], json.loads(after)["version"]) == (1, 2)
