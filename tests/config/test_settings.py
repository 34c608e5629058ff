"""Production refuses to start with less than it needs, and says in a sentence what is missing."""

import subprocess
import sys
from pathlib import Path

import pytest

SOURCES = str(Path(__file__).parents[2] / "src")
COMPLETE = {
    "SAMKRAFT_MODE": "production",
    "SECRET_KEY": "0123456789abcdef" * 4,
    "ALLOWED_HOSTS": "klimat.example",
    "SITE_URL": "https://klimat.example",
    "EMAIL_URL": "smtp+tls://mail.example:587",
}


def started(folder: Path, code: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Settings read by a program of its own that knows nothing but this environment."""
    return subprocess.run(
        [sys.executable, "-c", f"import samkraft.config.settings as s\n{code}"],
        env={"PYTHONPATH": SOURCES, "SAMKRAFT_VAR": str(folder), "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        check=False,
        cwd=folder,
        text=True,
    )


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in COMPLETE.items() if key != name}


def refusal(found: subprocess.CompletedProcess[str]) -> str:
    """The sentence with which the program stopped."""
    assert found.returncode == 1
    kind, _, sentence = found.stderr.strip().splitlines()[-1].partition(": ")
    assert kind.endswith("ImproperlyConfigured")
    return sentence


def test_production_starts_with_all_that_it_needs(tmp_path: Path) -> None:
    found = started(tmp_path, "print(s.PRODUCTION, s.DEMO, s.MAIL_DELIVERY)", **COMPLETE)

    assert (found.returncode, found.stdout, found.stderr) == (0, "True False smtp\n", "")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("SECRET_KEY", "SECRET_KEY is not set. Set it to a long random text that only this server knows."),
        ("ALLOWED_HOSTS", "ALLOWED_HOSTS is not set. Name the hosts that this site answers to, separated by commas."),
        ("SITE_URL", "SITE_URL is not set. Set it to the public address of the site, with https."),
        ("EMAIL_URL", "EMAIL_URL is not set. Set it to the mail server: smtp+tls://user:password@host:587."),
    ],
)
def test_production_refuses_to_start_without(name: str, sentence: str, tmp_path: Path) -> None:
    assert refusal(started(tmp_path, **without(name))) == sentence


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "x" * 49, "SECRET_KEY is too short. Use at least 50 random characters."),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS holds '*'. Name the hosts that this site answers to."),
        ("ALLOWED_HOSTS", "klimat.example, *", "ALLOWED_HOSTS holds '*'. Name the hosts that this site answers to."),
        (
            "SITE_URL",
            "http://klimat.example",
            "SITE_URL is 'http://klimat.example'. In production it must begin with https://.",
        ),
        ("SAMKRAFT_MODE", "live", "SAMKRAFT_MODE is 'live'. It must be demo, test or production."),
    ],
)
def test_production_refuses_to_start_with(name: str, value: str, sentence: str, tmp_path: Path) -> None:
    assert refusal(started(tmp_path, **{**COMPLETE, name: value})) == sentence


def test_a_refusal_does_not_tell_the_secret(tmp_path: Path) -> None:
    found = started(tmp_path, **{**COMPLETE, "SECRET_KEY": "short-and-secret"})

    assert "short-and-secret" not in found.stderr + found.stdout


def test_a_demo_starts_with_nothing_at_all(tmp_path: Path) -> None:
    found = started(tmp_path, "print(s.MODE, s.MAIL_DELIVERY, s.DEBUG, s.SITE_URL)")

    assert (found.returncode, found.stdout) == (0, "demo keep False http://127.0.0.1:8000\n")


def test_settings_can_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "samkraft.env"
    file.write_text("".join(f"{name}={value}\n" for name, value in COMPLETE.items()))

    found = started(tmp_path, "print(s.MODE, s.ALLOWED_HOSTS)", SAMKRAFT_ENV=str(file))

    assert (found.returncode, found.stdout) == (0, "production ['klimat.example']\n")


def test_production_closes_its_cookies_its_addresses_and_its_administration(tmp_path: Path) -> None:
    names = (
        "DEBUG",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
        "ADMIN_NEEDS_SECOND_FACTOR",
        "TRUSTED_PROXIES",
    )

    found = started(tmp_path, f"print([getattr(s, name) for name in {names!r}])", **COMPLETE)

    assert found.stdout == "[False, True, True, True, True, 31536000, True, []]\n"


def test_forwarded_https_is_believed_only_where_a_proxy_is_named(tmp_path: Path) -> None:
    code = "print(getattr(s, 'SECURE_PROXY_SSL_HEADER', None))"

    assert started(tmp_path, code, **COMPLETE).stdout == "None\n"
    named = started(tmp_path, code, **COMPLETE, TRUSTED_PROXIES="127.0.0.1")
    assert named.stdout == "('HTTP_X_FORWARDED_PROTO', 'https')\n"


def test_the_framework_warns_only_of_what_the_domains_other_sites_decide(tmp_path: Path) -> None:
    code = (
        "import os, django\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'samkraft.config.settings'\n"
        "django.setup()\n"
        "from django.core.checks import run_checks\n"
        "print(sorted(found.id for found in run_checks(include_deployment_checks=True) if not found.is_silenced()))"
    )

    found = started(tmp_path, code, **COMPLETE)

    # HTTPS for every subdomain, and for good: a municipality's other sites may not be ready for it.
    assert (found.returncode, found.stdout) == (0, "['security.W005', 'security.W021']\n"), found.stderr
