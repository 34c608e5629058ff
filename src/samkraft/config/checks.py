"""What can be wrong with an installation, as sentences that say what to do."""

import sqlite3
from typing import Any

from django.contrib.staticfiles import finders
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from samkraft.calls.models import DrawFile
from samkraft.engines.selection.verify_draw import sha256
from samkraft.people.models import User

from . import demo

# These versions of SQLite can corrupt a database when two connections write a checkpoint at once.
_SQLITE_FAULTY = ((3, 7, 0), (3, 51, 2))


def problems(settings: Any) -> list[str]:
    """Everything that is wrong; empty when nothing is."""
    database = [*_database(settings), *_accounts(settings), *_draws()]
    return [*database, *_processes(settings), *_front_end(), *_mail(settings)]


def _database(settings: Any) -> list[str]:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return [f"The database does not answer ({type(error).__name__}). Check DATABASE_URL."]
    found = []
    if waiting:
        what = "1 change to the database waits" if len(waiting) == 1 else f"{len(waiting)} changes to the database wait"
        found.append(f"{what}. Run: python manage.py migrate")
    if settings.PRODUCTION and connection.vendor == "sqlite" and _faulty(sqlite3.sqlite_version_info):
        found.append(
            f"SQLite {sqlite3.sqlite_version} can corrupt a database that several processes write to. "
            "Use PostgreSQL (DATABASE_URL), or SQLite 3.51.3 or later."
        )
    return found


def _faulty(version: tuple[int, ...]) -> bool:
    first, last = _SQLITE_FAULTY
    return first <= version <= last


def _accounts(settings: Any) -> list[str]:
    """In production, the accounts of a demo that was tried on the same database: everybody knows their password."""
    if not settings.PRODUCTION:
        return []
    try:
        held = list(User.objects.filter(email__in=demo.ACCOUNTS, is_active=True).order_by("email"))
    except DatabaseError:
        return []
    open_to_all = [user.email for user in held if user.check_password(demo.PASSWORD)]
    if not open_to_all:
        return []
    return [f"Anybody can sign in to {', '.join(open_to_all)} with the demo's password. Make these accounts inactive."]


def _draws() -> list[str]:
    """Files of draws that are not what was written: nothing of ours ever changes one."""
    try:
        changed = [
            f"{file.name} of the draw of “{file.draw.call.title}” was changed after it was written. Find out by whom."
            for file in DrawFile.objects.select_related("draw__call").iterator(chunk_size=20)
            if sha256(bytes(file.content)) != file.sha256
        ]
    except DatabaseError:
        return []
    return changed


def _processes(settings: Any) -> list[str]:
    if settings.WEB_PROCESSES > 1 and not settings.REDIS_URL:
        return ["WEB_PROCESSES is more than 1, so live messages need REDIS_URL to reach every process."]
    return []


def _front_end() -> list[str]:
    if finders.find("ui/vendor/design.css") is None:
        return ["The front-end files are not built. Run: make setup"]
    return []


def _mail(settings: Any) -> list[str]:
    if settings.PRODUCTION and not settings.STEWARD_EMAIL:
        return ["STEWARD_EMAIL is not set, so the privacy page names nobody to turn to."]
    return []
