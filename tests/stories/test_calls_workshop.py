"""The tale of a workshop: ninety-eight apply for fifty places, and a stranger checks the draw.

What it follows happened in Norway. Open figures of inhabitants of Norway's municipalities are not among the platform's
data, so those who apply come from Swedish municipalities, with Sweden's figures.

The window of the call lies in 2021, and a browser's clock is today's: what happened before the deadline is played by a
script with the clock passed in, and everything from the review on in browsers. Filling in the form by hand, and being
too late with it, is played in the tale of the programme.
"""

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from .conftest import Reader, address_from_mail, sign_in
from .scripts import script
from .workshop_of_2021 import BEGUN, BY_HAND, DECLINING, SLUG, TITLE

SCRIPT = "workshop_of_2021.py"
STEWARD, ORGANISER = "demo.steward@example.org", "demo.coordinator@example.org"
REVIEWER = "demo.politician@example.org"
NUMBER = "2 11 14 19 23 31 35"
# In the order of the sectors of work, agriculture comes sixth.
AGRICULTURE = 5
REPLY = r"/sv/calls/places/[^\s/]+/"


def test_fifty_places_are_drawn_among_those_who_convince(
    open_reader: Callable[..., Reader], site_environment: dict[str, str], tmp_path: Path
) -> None:
    applied = script(site_environment, SCRIPT, "apply")
    assert (applied["sent"], applied["state"]) == (98, "closed")
    assert ["21 juni 2021" in told for told in applied["told"]] == [True, True]
    assert applied["kept"] == [BEGUN]
    steward, organiser, reviewer, stranger = (open_reader() for _ in range(4))
    sign_in(steward, STEWARD)
    _stranger_comes_too_late(stranger)
    sign_in(organiser, ORGANISER)
    _applications_are_shared_out(organiser)
    judged = script(site_environment, SCRIPT, "judge")
    assert judged["assigned"] == BY_HAND
    sign_in(reviewer, REVIEWER)
    _the_last_are_judged_without_a_name(reviewer)
    _limits_are_set(organiser)
    _a_test_draw_is_made(organiser)
    _the_draw_is_prepared(organiser)
    _stranger_reads_the_commitment(stranger)
    _the_number_is_entered(organiser)
    _decisions_are_announced(organiser)
    for place, email in enumerate(script(site_environment, SCRIPT, "who-declines")["emails"]):
        _gives_the_place_back(open_reader(screen="desktop" if place else "phone"), steward, email)
    _the_waiting_list_has_moved(organiser)
    checked = script(site_environment, SCRIPT, "check")
    assert checked["taking_part"] > 60
    assert {name: checked[name] for name in ("holding", "broken", "below")} == {"holding": 50, "broken": [], "below": 0}
    assert checked["from_one"] <= 2
    assert checked["letters"] >= 98 + DECLINING
    _stranger_checks_the_draw(stranger, tmp_path)


def _stranger_comes_too_late(stranger: Reader) -> None:
    stranger.open(f"calls/{SLUG}/")
    assert stranger.heading() == TITLE
    # It says that it is a demo.
    expect(stranger.page.locator("main .ds-alert").first).to_be_visible()
    stranger.sees_no_barrier("calls-workshop-call")
    stranger.open(f"calls/{SLUG}/apply/")
    expect(stranger.page.locator("main")).to_contain_text("21 juni 2021")
    expect(stranger.page.locator("main input[type=email]")).to_have_count(0)
    stranger.sees_no_barrier("calls-workshop-too-late")


def _applications_are_shared_out(organiser: Reader) -> None:
    organiser.sees_no_barrier("calls-workshop-my")
    organiser.open(f"calls/{SLUG}/organise/")
    organiser.sees_no_barrier("calls-workshop-organise")
    organiser.open(f"calls/{SLUG}/applications/")
    organiser.sees_no_barrier("calls-workshop-applications")
    organiser.open(f"calls/{SLUG}/reviews/")
    organiser.send("main form[action$='/share-out/']")
    shares = organiser.page.locator("section[aria-labelledby=people-title] tbody td:nth-child(2)")
    given = [int(text) for text in shares.all_inner_texts()]
    assert (len(given), sum(given)) == (3, 196)
    assert max(given) - min(given) <= 1
    organiser.sees_no_barrier("calls-workshop-shared-out")


def _the_last_are_judged_without_a_name(reviewer: Reader) -> None:
    reviewer.open("my/")
    reviewer.sees_no_barrier("calls-workshop-my-reviews")
    reviewer.open(f"calls/{SLUG}/review/")
    reviewer.sees_no_barrier("calls-workshop-review-list")
    reviewer.follow("main a.ds-button[href*='/calls/review/']")
    for _application in range(BY_HAND):
        answers = reviewer.page.locator("dl.answers").inner_text()
        assert "Demo Person" not in answers
        for fieldset in reviewer.page.locator("main form fieldset:has(input[type=radio])").all():
            fieldset.locator("input[value='4']").check()
        reviewer.sees_no_barrier("calls-workshop-review")
        reviewer.send("main form.form", "button[value=done]")
    reviewer.open(f"calls/{SLUG}/review/")
    expect(reviewer.page.locator("main a.ds-button[href*='/calls/review/']")).to_have_count(0)


def _limits_are_set(organiser: Reader) -> None:
    """First more farmers are wanted than there are; then one of the smallest changes that help is pressed."""
    page = organiser.page
    organiser.open(f"calls/{SLUG}/reviews/")
    organiser.sees_no_barrier("calls-workshop-reviewed")
    organiser.open(f"calls/{SLUG}/selection/")
    organiser.sees_no_barrier("calls-workshop-selection")
    expect(page.locator("#outlook .outlook__ways")).to_have_count(0)
    sector = page.locator("section.limits").first
    sector.locator(f"input[name^=least-][name$='-{AGRICULTURE}']").fill("12")
    sector.locator(f"input[name^=most-][name$='-{AGRICULTURE}']").fill("")
    page.fill("form#limits textarea[name=why]", "Det ska finnas lantbrukare med.")
    with page.expect_navigation():
        page.locator("form#limits > .form__actions button[type=submit]").click()
    ways = page.locator("#outlook .outlook__ways button")
    expect(ways.first).to_be_visible()
    organiser.sees_no_barrier("calls-workshop-impossible")
    page.fill("form#limits textarea[name=why]", "Så många lantbrukare sökte inte.")
    with page.expect_navigation():
        ways.first.click()
    expect(page.locator("#outlook .outlook__ways")).to_have_count(0)
    organiser.sees_no_barrier("calls-workshop-possible")
    sector.locator(f"input[name^=least-][name$='-{AGRICULTURE}']").fill("3")
    sector.locator(f"input[name^=most-][name$='-{AGRICULTURE}']").fill("6")
    page.fill("form#limits textarea[name=why]", "Det ska finnas lantbrukare med.")
    with page.expect_navigation():
        page.locator("form#limits > .form__actions button[type=submit]").click()
    expect(page.locator("#outlook .outlook__ways")).to_have_count(0)


def _waits_for(organiser: Reader, sign: str) -> None:
    """The worker computes; the page that is opened again shows what came of it."""
    for _ in range(120):
        if organiser.page.locator(sign).count():
            return
        organiser.page.wait_for_timeout(500)
        organiser.page.reload()
    raise TimeoutError(f"The draw did not come so far that {sign} is shown.")


def _a_test_draw_is_made(organiser: Reader) -> None:
    organiser.open(f"calls/{SLUG}/selection/")
    organiser.send("main form[action$='/selection/try/']")
    organiser.sees_no_barrier("calls-workshop-computing")
    _waits_for(organiser, "main .test-mark ~ .statement")
    organiser.sees_no_barrier("calls-workshop-test-draw")


def _the_draw_is_prepared(organiser: Reader) -> None:
    organiser.open(f"calls/{SLUG}/selection/")
    organiser.follow("main a[href$='/selection/prepare/']")
    organiser.sees_no_barrier("calls-workshop-prepare")
    organiser.send("main .prose form")
    _waits_for(organiser, "main a[href$='/selection/number/']")
    organiser.sees_no_barrier("calls-workshop-committed")


def _stranger_reads_the_commitment(stranger: Reader) -> None:
    """Before anybody knows the number, what is drawn from can be read by everybody."""
    stranger.open(f"calls/{SLUG}/report/")
    expect(stranger.page.locator("main")).to_contain_text("panels.csv")
    expect(stranger.page.locator("main")).not_to_contain_text(NUMBER)
    stranger.sees_no_barrier("calls-workshop-commitment")


def _the_number_is_entered(organiser: Reader) -> None:
    organiser.open(f"calls/{SLUG}/selection/")
    organiser.follow("main a[href$='/selection/number/']")
    organiser.page.fill("input[name=number]", NUMBER)
    organiser.page.fill("input[name=url]", "https://example.org/lotto/2021-07-03")
    organiser.sees_no_barrier("calls-workshop-number")
    organiser.send("main form.form")
    organiser.sees_no_barrier("calls-workshop-drawn")


def _decisions_are_announced(organiser: Reader) -> None:
    organiser.open(f"calls/{SLUG}/selection/")
    organiser.follow("main a.ds-button[href$='/decisions/']")
    organiser.sees_no_barrier("calls-workshop-decisions")
    organiser.send("main form[action$='/decisions/right/']")
    organiser.sees_no_barrier("calls-workshop-announce")
    organiser.send("main form.form")


def _gives_the_place_back(applicant: Reader, steward: Reader, email: str) -> None:
    applicant.page.goto(applicant.site + address_from_mail(steward, email, REPLY))
    applicant.sees_no_barrier("calls-workshop-offered")
    applicant.follow("main a[href$='/give-back/']")
    applicant.sees_no_barrier("calls-workshop-give-back")
    applicant.send("main form.form")
    expect(applicant.page.locator("main button[value=accept]")).to_have_count(0)
    applicant.sees_no_barrier("calls-workshop-declined")


def _the_waiting_list_has_moved(organiser: Reader) -> None:
    organiser.open(f"calls/{SLUG}/decisions/?show=gone")
    page = organiser.page
    expect(page.locator("main .todo a[href*='/replace/']")).to_have_count(0)
    expect(page.locator("main tr.is-gone")).to_have_count(DECLINING)
    organiser.sees_no_barrier("calls-workshop-moved")
    page.set_viewport_size({"width": 360, "height": 740})
    organiser.screen = "phone"
    organiser.sees_no_barrier("calls-workshop-moved")


def _stranger_checks_the_draw(stranger: Reader, folder: Path) -> None:
    """Reads the report, downloads the files, and runs the script on them: as they are, and with one sign changed."""
    stranger.open(f"calls/{SLUG}/report/")
    stranger.sees_no_barrier("calls-workshop-report")
    stranger.follow("main a[href$='/report/check/']")
    stranger.sees_no_barrier("calls-workshop-check")
    with stranger.page.expect_download() as download:
        stranger.page.locator("main a[href$='/report/draw.zip']").click()
    with zipfile.ZipFile(download.value.path()) as files:
        files.extractall(folder)
    (where,) = {file.parent for file in folder.rglob("verify_draw.py")}
    assert "WRONG" not in _verified(where, 0)
    panels = where / "panels.csv"
    content = bytearray(panels.read_bytes())
    content[-2] = ord("1") if content[-2] != ord("1") else ord("2")
    panels.write_bytes(content)
    assert "WRONG" in _verified(where, 1)
    stranger.page.set_viewport_size({"width": 360, "height": 740})
    stranger.screen = "phone"
    for path in ("", "report/", "report/check/"):
        stranger.open(f"calls/{SLUG}/{path}")
        stranger.sees_no_barrier(f"calls-workshop-{path.replace('/', '-')}after")


def _verified(folder: Path, code: int) -> str:
    """What the script says, which needs nothing but Python."""
    command = [sys.executable, "-I", "verify_draw.py", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode != 0) == bool(code), done.stdout + done.stderr
    return done.stdout + done.stderr
