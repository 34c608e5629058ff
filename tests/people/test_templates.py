"""Every template of the three apps, ours and those in allauth's places, keeps to the strict content policy."""

import re
from pathlib import Path

import allauth
import pytest

import samkraft

ROOT = Path(samkraft.__file__).parent
TEMPLATES = sorted(
    path for app in ("people", "notices", "records") for path in (ROOT / app).glob("templates/**/*.html")
)
FORBIDDEN = {
    "inline style": r"\sstyle=|<style",
    "inline script": r"<script(?![^>]*\bsrc=)|javascript:",
    "event handler": r"\son[a-z]+=",
    "another site": r"(src|href)=\"https?://",
    "data address": r"data:image",
    "placeholder as label": r"placeholder=",
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_keeps_to_the_policy(path):
    text = path.read_text()
    assert [what for what, pattern in FORBIDDEN.items() if re.search(pattern, text)] == []


def test_every_page_of_the_entrance_is_ours():
    """A page of allauth's that we do not replace would show its look and its words."""
    theirs = Path(allauth.__file__).parent / "templates"
    pages = [
        path.relative_to(theirs)
        for folder in ("account", "mfa", "usersessions")
        for path in sorted((theirs / folder).rglob("*"))
        if path.suffix in {".html", ".txt"}
    ]
    missing = [
        str(page)
        for page in pages
        if not (ROOT / "people/templates" / page).exists() and not NOT_SHOWN.search(str(page))
    ]
    assert missing == []


# Bases and pieces of pages that we replace whole, and ways of signing in that are not switched on.
NOT_SHOWN = re.compile(
    r"base|snippets|phone|passkey|webauthn|mfa/trust|email_confirm\.html|verified_email_required"
    r"|verification_sent|password_reset_done|password_reset_key|email/base_message"
)
