"""The address by which a proxy asks whether this process can serve."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

SOURCES = str(Path(__file__).parents[2] / "src")
ASK = """
from django.test import Client
from samkraft.config.wsgi import application
for path in ("/health", "/sv/about/"):
    response = Client(raise_request_exception=False, headers={"host": "localhost"}).get(path)
    print(response.status_code, response.content.decode().replace("\\n", " "))
"""


@pytest.mark.django_db
def test_health_is_well_while_the_database_answers(client: Client) -> None:
    response = client.get("/health")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert dict(response.cookies) == {}


def test_health_is_ill_without_the_database_and_pages_still_answer(tmp_path: Path) -> None:
    asked = subprocess.run(
        [sys.executable, "-c", ASK],
        env={
            "PYTHONPATH": SOURCES,
            "SAMKRAFT_MODE": "test",
            "SAMKRAFT_VAR": str(tmp_path),
            "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
            "PYTHONIOENCODING": "utf-8",
        },
        capture_output=True,
        check=False,
        text=True,
    )

    health, page = (line.split(" ", 1) for line in asked.stdout.splitlines())
    assert (health[0], json.loads(health[1])) == ("503", {"status": "database does not answer"})
    assert (page[0], "<title>" in page[1]) == ("200", True)
