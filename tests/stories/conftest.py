"""The stories are played against the product as `make run` starts it: real data, demo accounts, its own worker."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
ARTIFACTS = ROOT / "test-artifacts"
AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text()
CHROMIUM = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SCREENS = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 740}}
PASSWORD = "klimat-tillsammans"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    stories = [item for item in items if Path(str(item.fspath)).parent == Path(__file__).parent]
    for item in stories:
        item.add_marker(pytest.mark.story)
    # A story that lets a year pass lets it pass for the whole site, so it is played after the others.
    last = [item for item in stories if "let_time_pass" in getattr(item, "fixturenames", ())]
    items[:] = [item for item in items if item not in last] + last


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the site's processes are started with: above all, where its database is."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    var = str(tmp_path_factory.mktemp("var"))
    return environment | {"SAMKRAFT_MODE": "demo", "SAMKRAFT_VAR": var, "PORT": str(_free_port())}


@pytest.fixture(scope="session")
def site(site_environment: dict[str, str]) -> Iterator[str]:
    """The address of the running product, with a database of its own."""
    environment, port = site_environment, site_environment["PORT"]
    command = [sys.executable, "-m", "samkraft.config.command", "demo", "--port", port]
    log = (ROOT / "var" / "stories.log").open("w")
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/health", process)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


@pytest.fixture
def let_time_pass(site: str, site_environment: dict[str, str]) -> Callable[..., None]:
    """The site's worker does what is due at each of the times, as if they had come."""

    def work(*moments: datetime) -> None:
        command = [sys.executable, str(Path(__file__).with_name("at_time.py"))]
        command += [moment.isoformat() for moment in moments]
        subprocess.run(command, cwd=ROOT, env=site_environment, check=True)

    return work


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError("The site stopped; see var/stories.log.")
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"{address} did not answer.")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()


@dataclass
class Reader:
    """A person at a screen: a page, the site's address, the language they read."""

    page: Page
    site: str
    language: str
    screen: str

    def open(self, path: str) -> None:
        """Open a path below the reader's language."""
        self.page.goto(f"{self.site}/{self.language}/{path}")

    def send(self, form: str = "main form.form", button: str = "button[type=submit]") -> None:
        """Press a form's button and wait for the page that answers."""
        with self.page.expect_navigation():
            self.page.locator(form).locator(button).first.click()

    def follow(self, link: str) -> None:
        """Press a link, told by its address, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.locator(link).first.click()

    def writes(self, name: str, text: str) -> None:
        """Write in the rich text editor of a field by keyboard, after what stands there."""
        field = self.page.locator(f"[data-rich-text]:has(input[name={name}_source])")
        field.locator("[contenteditable=true]").focus()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(text)

    def chooses_municipalities(self, *keys: str) -> None:
        """Open the fold of each municipality's county and tick it."""
        for key in keys:
            box = self.page.locator(f"input[name=municipalities][value='{key}']")
            if not box.is_visible():
                self.page.locator("details", has=box).locator("summary").click()
            box.check()

    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def sees_no_barrier(self, name: str) -> None:
        """No fault that axe knows of, nothing wider than the screen; keeps a picture."""
        self.page.evaluate(AXE)
        found = self.page.evaluate(
            "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})"
            ".then(result => result.violations.map(v => [v.id, v.help, v.nodes.map(n => n.html.slice(0, 200))]))",
            AXE_RULES,
        )
        ARTIFACTS.mkdir(exist_ok=True)
        picture = ARTIFACTS / f"{name}-{self.language}-{self.screen}.png"
        self.page.screenshot(path=str(picture), full_page=True)
        assert found == []
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0


@pytest.fixture
def open_reader(browser: Browser, site: str) -> Iterator[Callable[..., Reader]]:
    """Opens a browser of its own for a reader; a fault in the browser's console fails the story."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def start(language: str = "sv", screen: str = "desktop", scripts: bool = True) -> Reader:
        context = browser.new_context(viewport=SCREENS[screen], java_script_enabled=scripts, locale=language)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        return Reader(page, site, language, screen)

    yield start
    for context in contexts:
        context.close()
    # The browser itself notes answers such as 404 and 422 as errors; those are looked at by the stories.
    assert [text for text in faults if "Failed to load resource" not in text] == []


@pytest.fixture(params=[("sv", "desktop"), ("sv", "phone"), ("nb", "desktop"), ("nb", "phone")], ids="-".join)
def reader(request: pytest.FixtureRequest, open_reader: Callable[..., Reader]) -> Reader:
    """A reader in Swedish and in Norwegian, at a desk and with a phone."""
    language, screen = request.param
    return open_reader(language, screen)


def sign_in(reader: Reader, email: str) -> None:
    """Sign in with the demo's password."""
    reader.open("account/login/password/")
    reader.page.fill("input[name=login]", email)
    reader.page.fill("input[name=password]", PASSWORD)
    reader.page.click("main form button[type=submit]")
    reader.page.wait_for_url("**/my/")


def code_from_mail(steward: Reader, email: str) -> str:
    """The newest sign-in code that was mailed to an address, as a steward of the demo sees it."""
    for _ in range(40):
        steward.open(f"steward/mail/?to={email}")
        row = steward.page.locator("tr, li", has_text=email).first
        if row.count():
            row.locator("a").first.click()
            found = re.search(r"\b[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}\b", steward.page.locator("main").inner_text())
            if found:
                return found.group()
        time.sleep(0.5)
    raise TimeoutError("No mail came.")


def address_from_mail(steward: Reader, email: str, pattern: str) -> str:
    """What fits the pattern, in the newest mail to an address that has it."""
    for _ in range(40):
        steward.open(f"steward/mail/?to={email}")
        mails = steward.page.locator("main li a")
        for address in mails.evaluate_all("links => links.map(link => link.href)"):
            steward.page.goto(address)
            found = re.search(pattern, steward.page.locator("main").inner_text())
            if found:
                return found.group()
        time.sleep(0.5)
    raise TimeoutError(f"No mail to {email} has {pattern}.")
