"""What `samkraft check` says of an installation."""

import sqlite3
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from samkraft.config import checks, command

pytestmark = pytest.mark.django_db
WAIT = "changes to the database wait. Run: python manage.py migrate"
LIVE = "WEB_PROCESSES is more than 1, so live messages need REDIS_URL to reach every process."
MAIL = "STEWARD_EMAIL is not set, so the privacy page names nobody to turn to."


def installation(**differences: Any) -> SimpleNamespace:
    """A production installation in order, but for what is named."""
    return SimpleNamespace(
        **{
            "PRODUCTION": True,
            "WEB_PROCESSES": 1,
            "REDIS_URL": "",
            "STEWARD_EMAIL": "steward@klimat.example",
            **differences,
        }
    )


def forget_newest_migration(*apps: str) -> None:
    recorder = MigrationRecorder(connection)
    for app in apps:
        name = max(name for label, name in recorder.applied_migrations() if label == app)
        recorder.record_unapplied(app, name)


def found(**differences: Any) -> list[str]:
    """Everything that is wrong, but for the version of SQLite that this test happens to run on."""
    return [problem for problem in checks.problems(installation(**differences)) if not problem.startswith("SQLite ")]


def test_nothing_is_wrong_with_an_installation_in_order() -> None:
    assert found() == []


def test_a_waiting_migration_is_told() -> None:
    forget_newest_migration("feeds")

    assert found() == ["1 change to the database waits. Run: python manage.py migrate"]


def test_several_waiting_migrations_are_counted() -> None:
    forget_newest_migration("notices", "feeds")

    assert found() == [f"2 {WAIT}"]


@pytest.mark.parametrize(
    ("processes", "redis", "problems"), [(2, "", [LIVE]), (2, "redis://127.0.0.1:6379", []), (1, "", [])]
)
def test_several_processes_need_redis(processes: int, redis: str, problems: list[str]) -> None:
    assert found(WEB_PROCESSES=processes, REDIS_URL=redis) == problems


def test_production_needs_somebody_to_turn_to() -> None:
    assert found(STEWARD_EMAIL="") == [MAIL]
    assert found(STEWARD_EMAIL="", PRODUCTION=False) == []


@pytest.mark.parametrize(
    ("version", "faulty"),
    [((3, 6, 23), False), ((3, 7, 0), True), ((3, 40, 1), True), ((3, 51, 2), True), ((3, 51, 3), False)],
)
def test_versions_of_sqlite_that_can_corrupt_a_database_are_known(version: tuple[int, ...], faulty: bool) -> None:
    assert checks._faulty(version) == faulty


@pytest.mark.skipif(django_settings.DATABASES["default"]["ENGINE"].endswith("postgresql"), reason="speaks of SQLite")
def test_a_faulty_sqlite_is_told_in_production_alone() -> None:
    faulty = checks._faulty(sqlite3.sqlite_version_info)
    sentence = (
        f"SQLite {sqlite3.sqlite_version} can corrupt a database that several processes write to. "
        "Use PostgreSQL (DATABASE_URL), or SQLite 3.51.3 or later."
    )

    assert (sentence in checks.problems(installation())) == faulty
    assert sentence not in checks.problems(installation(PRODUCTION=False))


def test_the_command_says_each_problem_and_how_many_there_are(
    settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.WEB_PROCESSES = 4
    forget_newest_migration("notices", "feeds")

    assert command.main(["check"]) == 1

    assert capsys.readouterr().out.splitlines() == [f"2 {WAIT}", LIVE, "2 to mend."]


def test_the_command_says_that_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["check"]) == 0

    assert capsys.readouterr().out == "Everything is as it should be.\n"


def test_the_command_says_that_the_database_does_not_answer(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "samkraft.config.command", "check"],
        env={
            "PYTHONPATH": str(Path(__file__).parents[2] / "src"),
            "SAMKRAFT_MODE": "test",
            "SAMKRAFT_VAR": str(tmp_path),
            "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        },
        capture_output=True,
        check=False,
        text=True,
    )

    assert (found.returncode, found.stdout.splitlines(), found.stderr) == (
        1,
        ["The database does not answer (OperationalError). Check DATABASE_URL.", "1 to mend."],
        "",
    )
