"""People sign in, tell of a fault, and stewards answer."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from .conftest import Reader, code_from_mail, sign_in

OFFICER = "demo.officer@example.org"
STEWARD = "demo.steward@example.org"


# One address gets only so many codes in a while, so each way of reading has an account of its own.
WHO = {
    ("sv", "desktop"): OFFICER,
    ("sv", "phone"): "demo.politician@example.org",
    ("nb", "desktop"): "demo.coordinator@example.org",
    ("nb", "phone"): STEWARD,
}


def test_person_signs_in_with_a_code(reader: Reader, open_reader: Callable[..., Reader]) -> None:
    email = WHO[reader.language, reader.screen]
    reader.open("account/login/")
    reader.sees_no_barrier("sign-in")
    reader.page.fill("input[name=login]", email)
    reader.page.click("main form button[type=submit]")
    code = reader.page.locator("input[name=code]")
    expect(code).to_be_visible()
    reader.sees_no_barrier("sign-in-code")
    steward = open_reader("sv", "desktop")
    sign_in(steward, STEWARD)
    code.fill(code_from_mail(steward, email))
    reader.page.click("main form button[type=submit]:not([form])")
    reader.page.wait_for_url("**/my/")
    reader.sees_no_barrier("my-page")


def test_visitor_reports_an_accessibility_fault(reader: Reader, open_reader: Callable[..., Reader]) -> None:
    reader.open("accessibility/")
    reader.sees_no_barrier("accessibility")
    reader.page.locator("main a.ds-button").click()
    reader.page.wait_for_url("**/accessibility/report/")
    reader.page.fill("input[name=email]", "not an address")
    reader.page.click("main form button[type=submit]")
    expect(reader.page.locator(".ds-error-summary")).to_be_visible()
    expect(reader.page.locator("input[name=email]")).to_have_value("not an address")
    reader.sees_no_barrier("report-with-errors")
    text = f"Kartan går inte att läsa, {reader.language} {reader.screen}"
    reader.page.fill("textarea[name=text]", text)
    reader.page.fill("input[name=email]", "demo.reader@example.org")
    reader.page.click("main form button[type=submit]")
    reader.page.wait_for_url("**/received/**")
    reader.sees_no_barrier("report-received")
    steward = open_reader("sv", "desktop")
    sign_in(steward, STEWARD)
    steward.open("steward/messages/")
    expect(steward.page.locator("main")).to_contain_text(text[:30])
    steward.sees_no_barrier("steward-messages")


def test_account_page_shows_name_language_and_export(reader: Reader) -> None:
    sign_in(reader, OFFICER)
    reader.open("my/account/")
    expect(reader.page.locator("input[name=name]")).to_have_value(re.compile("Demo"))
    reader.sees_no_barrier("account")
