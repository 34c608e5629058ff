"""Running a story's own script in the site's environment, and looking a link up in the mail of many."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from .conftest import ROOT, Reader


def script(environment: dict[str, str], name: str, *arguments: str) -> dict[str, Any]:
    """What a script beside the stories printed, which is JSON."""
    command = [sys.executable, str(Path(__file__).with_name(name)), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def link_in_mail(steward: Reader, email: str, pattern: str) -> str:
    """The path that fits the pattern in the newest mail to an address, however many mails came after it."""
    for _ in range(40):
        steward.open("steward/mail/")
        while True:
            rows = steward.page.locator("main li", has_text=email)
            for address in rows.locator("a").evaluate_all("links => links.map(link => link.href)"):
                listed = steward.page.url
                steward.page.goto(address)
                found = re.search(pattern, steward.page.locator("main").inner_text())
                if found:
                    return found.group()
                steward.page.goto(listed)
            further = steward.page.locator("main a[href*='before=']")
            if not further.count():
                break
            steward.page.goto(str(further.last.evaluate("link => link.href")))
        time.sleep(0.5)
    raise TimeoutError(f"No mail to {email} has {pattern}.")
