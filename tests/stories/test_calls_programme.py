"""The tale of a programme: thirty-four small municipalities apply for twenty-three places.

The figures of inhabitants of 2006 are brought by the tale, and say of themselves that they are test figures.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from .conftest import Reader, address_from_mail, sign_in
from .programme_of_2006 import BY_HAND, EDITION, TOO_LARGE
from .scripts import script

STOCKHOLM = ZoneInfo("Europe/Stockholm")
SCRIPT = "programme_of_2006.py"
STEWARD, COLLEAGUE = "demo.steward@example.org", "demo.coordinator@example.org"
TITLE, SLUG = "Klimatcoachning för små kommuner", "klimatcoachning-for-sma-kommuner"
FROM_HABO, FROM_VARA = "anna.habo@example.org", "bo.vara@example.org"
APPLICATION = r"/sv/calls/applications/[^\s/]+/form/"
GOAL = "En klimatstrategi som fullmäktige har antagit, och som förvaltningarna arbetar efter."


def test_small_municipalities_get_their_places(
    open_reader: Callable[..., Reader], site_environment: dict[str, str]
) -> None:
    assert script(site_environment, SCRIPT, "figures") == {"municipalities": 35}
    steward, colleague, stranger = (open_reader() for _ in range(3))
    sign_in(steward, STEWARD)
    _the_call_is_written(steward)
    _the_call_is_published(steward)
    sign_in(colleague, COLLEAGUE)
    _a_colleague_is_invited(steward, colleague)
    _stranger_finds_the_call(stranger)
    too_large, habo = open_reader(), open_reader()
    _is_told_that_the_municipality_is_too_large(too_large, steward)
    _begins_at_a_desk(habo, steward)
    on_the_way = open_reader(screen="phone")
    _sends_in_from_a_phone(on_the_way, steward)
    assert script(site_environment, SCRIPT, "apply", SLUG) == {"sent": 34}
    _is_closed_early_when_nobody_is_left_who_writes(steward, too_large)
    _who_still_writes_is_told_politely(on_the_way)
    _the_draw_is_prepared(steward)
    for number, organiser in (("583", steward), ("207", colleague)):
        _enters_a_number(organiser, number)
    _decisions_are_announced(steward)
    checked = script(site_environment, SCRIPT, "check", SLUG)
    assert {name: checked[name] for name in ("holding", "different", "may")} == {
        "holding": 23,
        "different": 23,
        "may": 23,
    }
    assert checked["norrland"] >= 4
    _stranger_reads_who_was_chosen(stranger)


def _the_call_is_written(organiser: Reader) -> None:
    """Step by step, from the draft that a programme begins with."""
    page = organiser.page
    organiser.open("calls/new/")
    organiser.sees_no_barrier("calls-programme-new")
    page.check("input[name=kind][value=programme]")
    page.select_option("select[name=whose]", label="Sverige")
    page.fill("input[name=title]", TITLE)
    organiser.send()
    organiser.sees_no_barrier("calls-programme-draft")
    organiser.open(f"calls/{SLUG}/organise/about/")
    page.fill("textarea[name=summary]", "Stöd i ett och ett halvt år till kommuner som vill få en klimatstrategi.")
    organiser.writes("offer", "Ni får en coach, en kommun att fråga, och 50 000 kronor till utredningar.")
    page.fill("input[name=seats]", "23")
    organiser.sees_no_barrier("calls-programme-about")
    organiser.send()
    _dates_are_set(organiser)
    organiser.open(f"calls/{SLUG}/organise/who/population/")
    page.fill("input[name=number]", "15000")
    page.select_option("select[name=edition]", EDITION)
    organiser.sees_no_barrier("calls-programme-rule")
    organiser.send()
    expect(page.locator("main")).to_contain_text(re.compile(r"15\s000"))
    organiser.sees_no_barrier("calls-programme-who")
    organiser.open(f"calls/{SLUG}/organise/questions/preview/")
    organiser.sees_no_barrier("calls-programme-preview")
    organiser.open(f"calls/{SLUG}/organise/criteria/")
    organiser.sees_no_barrier("calls-programme-criteria")
    organiser.follow("main .call-rows a[href*='/organise/criteria/']:not([href$='/remove/'])")
    page.locator("main form.call-limits tbody tr", has_text="Norrland").locator("input").first.fill("4")
    organiser.sees_no_barrier("calls-programme-limits")
    organiser.send("main form.call-limits")
    organiser.open(f"calls/{SLUG}/organise/number/")
    page.check("input[name=seed_kind][value=two_people]")
    organiser.sees_no_barrier("calls-programme-number")
    organiser.send()


def _dates_are_set(organiser: Reader) -> None:
    """Open since yesterday, for about three weeks."""
    page = organiser.page
    today = datetime.now(STOCKHOLM).date()
    organiser.open(f"calls/{SLUG}/organise/when/")
    page.fill("input[name=opens_on]", (today - timedelta(days=1)).isoformat())
    page.fill("input[name=closes_on]", (today + timedelta(days=20)).isoformat())
    organiser.sees_no_barrier("calls-programme-when")
    organiser.send()


def _the_call_is_published(organiser: Reader) -> None:
    organiser.open(f"calls/{SLUG}/organise/")
    organiser.sees_no_barrier("calls-programme-ready")
    organiser.follow("main a[href$='/organise/publish/']")
    organiser.sees_no_barrier("calls-programme-publish")
    organiser.send("main .prose form")
    expect(organiser.page.locator("main a[href$='/organise/close/']")).to_have_count(1)
    organiser.sees_no_barrier("calls-programme-published")


def _a_colleague_is_invited(organiser: Reader, colleague: Reader) -> None:
    organiser.open(f"calls/{SLUG}/people/invite/")
    organiser.page.fill("input[name=email]", COLLEAGUE)
    organiser.page.check("input[name=role][value=organiser]")
    organiser.sees_no_barrier("calls-programme-invite")
    organiser.send()
    colleague.open("my/")
    colleague.sees_no_barrier("calls-programme-my-invited")
    colleague.send("main form[action*='/calls/offers/']")
    colleague.open(f"calls/{SLUG}/people/")
    colleague.sees_no_barrier("calls-programme-people")


def _stranger_finds_the_call(stranger: Reader) -> None:
    stranger.open("calls/")
    stranger.sees_no_barrier("calls-programme-index")
    stranger.follow(f"main a[href$='/calls/{SLUG}/']")
    expect(stranger.page.locator("main")).to_contain_text(re.compile(r"15\s000"))
    stranger.sees_no_barrier("calls-programme-call")


def _opens_the_form(applicant: Reader, steward: Reader, email: str) -> None:
    """Without an account: by the link in the mail."""
    applicant.open(f"calls/{SLUG}/apply/")
    applicant.page.fill("input[name=email]", email)
    applicant.sees_no_barrier("calls-programme-apply")
    applicant.send("main form:has(input[name=email])")
    applicant.sees_no_barrier("calls-programme-asked")
    applicant.page.goto(applicant.site + address_from_mail(steward, email, APPLICATION))


def _is_told_that_the_municipality_is_too_large(applicant: Reader, steward: Reader) -> None:
    """At once, while the form is being filled in, and in a sentence."""
    _opens_the_form(applicant, steward, FROM_VARA)
    page = applicant.page
    page.fill("input[name=name]", "Bo Bengtsson")
    page.select_option("select[name=place]", TOO_LARGE)
    expect(page.locator("main form")).to_contain_text(re.compile(r"Vara\D+15\s001"))
    expect(page.locator("main form")).to_contain_text(re.compile(r"15\s000"))
    applicant.sees_no_barrier("calls-programme-too-large")
    page.locator("main form textarea").first.fill("Vi är bara en för många.")
    applicant.send("main form.form", "button[name=preview]")
    expect(page.locator("main form button[type=submit]")).to_have_count(0)
    applicant.sees_no_barrier("calls-programme-cannot")
    page.go_back()


def _begins_at_a_desk(applicant: Reader, steward: Reader) -> None:
    """What is typed is kept by itself; the window is closed in the middle."""
    _opens_the_form(applicant, steward, FROM_HABO)
    page = applicant.page
    page.fill("input[name=name]", "Anna Andersson")
    page.select_option("select[name=place]", BY_HAND)
    page.check("input[name=role][value=elected]")
    page.select_option("select[name=sector]", "leadership")
    page.locator("main form textarea").first.fill(GOAL)
    page.keyboard.press("Tab")
    expect(page.locator("[data-autosave-status]")).to_contain_text(re.compile(r"\d\d[:.]\d\d"))
    applicant.sees_no_barrier("calls-programme-form")
    page.close()


def _sends_in_from_a_phone(applicant: Reader, steward: Reader) -> None:
    """By the same link everything is there again; what is missing is told, filled in, and all is sent in."""
    applicant.page.goto(applicant.site + address_from_mail(steward, FROM_HABO, APPLICATION))
    page = applicant.page
    expect(page.locator("main form textarea").first).to_have_value(GOAL)
    applicant.sees_no_barrier("calls-programme-form")
    applicant.send("main form.form", "button[name=preview]")
    applicant.sees_no_barrier("calls-programme-missing")
    expect(page.locator("main form button[type=submit]")).to_have_count(0)
    applicant.follow("main form a.ds-button[href*='/form/']")
    page.locator("main form textarea").nth(1).fill("Kommunstyrelsens ordförande leder, med miljöchefen.")
    page.locator("main form input[type=checkbox][value=yes]").check()
    applicant.send("main form.form", "button[name=preview]")
    applicant.sees_no_barrier("calls-programme-look-through")
    applicant.send("main form.form")
    expect(page.locator("main")).to_contain_text(GOAL)
    applicant.sees_no_barrier("calls-programme-sent-in")
    address_from_mail(steward, FROM_HABO, re.escape(GOAL))
    applicant.follow("main a[href$='/form/']")


def _is_closed_early_when_nobody_is_left_who_writes(organiser: Reader, too_large: Reader) -> None:
    """Whoever has begun counts on the deadline; who could not apply erases what was begun."""
    organiser.open(f"calls/{SLUG}/organise/")
    expect(organiser.page.locator("main a[href$='/organise/close/']")).to_have_count(0)
    organiser.open(f"calls/{SLUG}/organise/close/")
    expect(organiser.page.locator("textarea[name=why]")).to_have_count(0)
    organiser.sees_no_barrier("calls-programme-not-closed")
    too_large.page.goto(re.sub(r"form/.*$", "", too_large.page.url))
    too_large.follow("main a[href$='/erase/']")
    too_large.sees_no_barrier("calls-programme-erase")
    too_large.send("main form")
    too_large.sees_no_barrier("calls-programme-erased")
    organiser.open(f"calls/{SLUG}/organise/")
    organiser.follow("main a[href$='/organise/close/']")
    organiser.page.fill("textarea[name=why]", "Alla som vi har talat med har sökt.")
    organiser.send("main form.form")
    assert organiser.page.url.endswith("/organise/")
    organiser.sees_no_barrier("calls-programme-closed")


def _who_still_writes_is_told_politely(applicant: Reader) -> None:
    """The form is open still on the phone. What is typed in it is kept; what was sent in before counts."""
    page = applicant.page
    page.locator("main form textarea").first.fill("Ett mål till, som kom för sent.")
    applicant.send("main form.form", "button[name=preview]")
    expect(page.locator("main")).to_contain_text("Ett mål till, som kom för sent.")
    expect(page.locator("main a[href*='/form/']")).to_have_count(0)
    expect(page.locator("main form")).to_have_count(0)
    applicant.sees_no_barrier("calls-programme-closed-meanwhile")


def _the_draw_is_prepared(organiser: Reader) -> None:
    organiser.open(f"calls/{SLUG}/selection/")
    organiser.sees_no_barrier("calls-programme-selection")
    organiser.follow("main a[href$='/selection/prepare/']")
    organiser.send("main .prose form")
    for _ in range(120):
        if organiser.page.locator("main a[href$='/selection/number/']").count():
            break
        organiser.page.wait_for_timeout(500)
        organiser.page.reload()
    organiser.sees_no_barrier("calls-programme-committed")


def _enters_a_number(organiser: Reader, number: str) -> None:
    """Neither of the two sees the other's number."""
    organiser.open(f"calls/{SLUG}/selection/")
    expect(organiser.page.locator("main .draw-number")).not_to_contain_text("583")
    organiser.follow("main a[href$='/selection/number/']")
    organiser.page.fill("input[name=number]", number)
    organiser.sees_no_barrier("calls-programme-own-number")
    organiser.send("main form.form")


def _decisions_are_announced(organiser: Reader) -> None:
    organiser.open(f"calls/{SLUG}/decisions/")
    organiser.sees_no_barrier("calls-programme-decisions")
    organiser.send("main form[action$='/decisions/right/']")
    organiser.send("main form.form")


def _stranger_reads_who_was_chosen(stranger: Reader) -> None:
    stranger.open(f"calls/{SLUG}/report/")
    expect(stranger.page.locator("main")).to_contain_text("583+207")
    stranger.sees_no_barrier("calls-programme-report")
