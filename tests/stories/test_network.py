"""The tale of a network: from a county's condition to the year in which one actor renews and another lapses."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import expect

from .conftest import Reader, address_from_mail, code_from_mail, sign_in

STOCKHOLM = ZoneInfo("Europe/Stockholm")
STEWARD = "demo.steward@example.org"
CONVENER = "bodil.berglund@example.org"
BAKER, LIBRARIAN = "demo.contact@example.org", "demo.editor@example.org"
RESIDENT = "rune.resident@example.org"
COUNTY, PLACE, PLACES = "se/orebro-lan", "se/nora", ("SE-1884", "SE-1863", "SE-1864")
NETWORK, SLUG = "Bergslagen ställer om", "bergslagen-staller-om"
SMITHY, BAKERY, LIBRARY = "Smedjan i Nora", "Bageriet i Hällefors", "Bibliotekets vänner"
PLEDGE = "https://example.org/lansloftet"


def test_network_lives_through_its_first_year(
    open_reader: Callable[..., Reader], let_time_pass: Callable[..., None]
) -> None:
    steward, convener, baker, librarian, resident = (open_reader() for _ in range(5))
    sign_in(steward, STEWARD)
    _county_publishes_its_condition(steward)
    _area_is_drawn(steward)
    _sign_up(convener, steward, CONVENER, "Bodil Berglund")
    _network_is_started(convener)
    sign_in(baker, BAKER)
    sign_in(librarian, LIBRARIAN)
    _editor_accepts(librarian)
    _registers(baker, BAKERY, "SE-1863")
    _joins(baker, "bageriet-i-hallefors", f"{PLEDGE}/bageriet")
    _registers(librarian, LIBRARY, "SE-1884")
    _joins(librarian, "bibliotekets-vanner", PLEDGE)
    _evidence_is_checked(convener, librarian)
    meeting, begins = _meeting_is_called(convener)
    _answers_by_link(open_reader(), steward, BAKER)
    for decider in (baker, librarian):
        _answers_that_they_decide(decider, meeting)
    _resident_asks_to_follow(resident, steward)
    _editors_write(baker, librarian)
    _resident_reads(resident)
    _digest_comes(steward, let_time_pass)
    _meeting_is_held(convener, meeting, begins)
    _campaign_is_put_on_the_board(convener, baker)
    _a_year_passes(steward, convener, baker, librarian, let_time_pass)


def _county_publishes_its_condition(steward: Reader) -> None:
    steward.open(f"networks/conditions/{COUNTY}/write/")
    page = steward.page
    page.fill("input[name=title]", "Länslöftet för klimatet")
    steward.writes("text", "Vi halverar våra utsläpp till 2030. Chefen skriver under, och alla kan läsa löftet.")
    page.check("input[name=evidence_kind][value=pledge]")
    page.fill("input[name=pledge_url]", PLEDGE)
    page.select_option("select[name=lasts_months]", "12")
    steward.sees_no_barrier("tale-condition-write")
    steward.send()
    steward.sees_no_barrier("tale-condition-preview")
    steward.send()
    expect(page.locator("main")).to_contain_text("Länslöftet för klimatet")
    steward.sees_no_barrier("tale-condition")


def _area_is_drawn(steward: Reader) -> None:
    steward.open("networks/areas/draw/se/")
    steward.page.fill("input[name=name]", "Norra Bergslagen")
    steward.page.fill("input[name=newspaper]", "Bergslagsposten")
    steward.chooses_municipalities(*PLACES)
    steward.sees_no_barrier("tale-area-draw")
    steward.send()
    for name in ("Nora", "Hällefors", "Ljusnarsberg"):
        expect(steward.page.locator("main .place-list", has_text=name)).to_be_visible()
    steward.sees_no_barrier("tale-area")


def _sign_up(reader: Reader, steward: Reader, email: str, name: str) -> None:
    reader.open("account/signup/")
    reader.page.fill("input[name=email]", email)
    reader.page.fill("input[name=name]", name)
    reader.send("main form:has(input[name=email])")
    reader.page.fill("input[name=code]", code_from_mail(steward, email))
    reader.send("main form:has(input[name=code])", "button[type=submit]:not([form])")
    reader.open("my/")
    assert reader.page.locator("a[href$='/my/account/']").count() > 0


def _network_is_started(convener: Reader) -> None:
    """Through the six steps, leaving once in the middle and coming back from one's own page."""
    page = convener.page
    convener.open("networks/start/")
    convener.sees_no_barrier("tale-start")
    convener.follow("main a[href*='/start/new/']")
    convener.send()
    page.fill("#area-search", "Nora")
    convener.send("form.hero-search")
    convener.sees_no_barrier("tale-start-area")
    convener.send("main li:has-text('Norra Bergslagen') form")
    # A new convener has no actor yet: it is registered, and the draft waits meanwhile.
    convener.sees_no_barrier("tale-start-no-actor")
    _registers(convener, SMITHY, "SE-1884")
    convener.open("my/")
    convener.sees_no_barrier("tale-my-draft")
    convener.follow("main a[href*='/networks/start/']")
    page.get_by_text(SMITHY, exact=True).click()
    convener.sees_no_barrier("tale-start-actor")
    convener.send()
    page.check("input[name=shown]")
    page.fill("input[name=editor_1]", LIBRARIAN)
    convener.sees_no_barrier("tale-start-people")
    convener.send()
    page.fill("input[name=name]", NETWORK)
    convener.writes("description", "Vi i Nora, Hällefors och Ljusnarsberg visar att det går att ställa om.")
    convener.writes("organisation", "Paraplymöte fyra gånger om året. Smedjan sammankallar.")
    page.check("input[name=variant][value=mini]")
    convener.sees_no_barrier("tale-start-about")
    convener.send()
    expect(page.locator("main")).to_contain_text("Länslöftet för klimatet")
    convener.sees_no_barrier("tale-start-condition")
    convener.follow("main a.ds-button[href*='/begin/']")
    convener.sees_no_barrier("tale-start-begin")
    convener.send()
    assert f"/networks/{SLUG}/" in page.url
    assert convener.heading() == NETWORK
    convener.sees_no_barrier("tale-network-begun")


def _registers(reader: Reader, name: str, municipality: str) -> None:
    reader.open("networks/actors/register/")
    reader.page.fill("input[name=name]", name)
    reader.page.locator("input[name=kind][value=association]").check()
    reader.page.fill("input[name=homepage_url]", "https://example.org/vi")
    reader.chooses_municipalities(municipality)
    reader.page.fill("textarea[name=does]", "Vi lagar, lånar ut och visar hur man gör.")
    reader.send()
    assert name in reader.heading()


def _joins(reader: Reader, actor: str, evidence: str) -> None:
    reader.open(f"networks/{SLUG}/join/{actor}/")
    reader.page.fill("input[name=url]", evidence)
    reader.sees_no_barrier(f"tale-join-{actor}")
    reader.send("form.join__form")
    assert "/networks/memberships/" in reader.page.url


def _editor_accepts(editor: Reader) -> None:
    editor.open("my/")
    editor.sees_no_barrier("tale-my-invited")
    editor.send(f"main li:has-text('{NETWORK}') form[action*='/offers/']")
    editor.open("write/")
    expect(editor.page.get_by_text(NETWORK, exact=True)).to_be_visible()


def _evidence_is_checked(convener: Reader, librarian: Reader) -> None:
    """One actor is admitted at once; the other is asked to complete, completes, and is admitted."""
    row = f"main tr:has-text('{LIBRARY}')"
    convener.open(f"networks/{SLUG}/check/")
    convener.sees_no_barrier("tale-check")
    convener.send(f"main tr:has-text('{BAKERY}') form[action*='/confirm/']")
    convener.follow(f"{row} a[href*='/ask/']")
    why = "Länken går till löftets startsida. Skicka en länk till er egen underskrift."
    convener.page.fill("textarea[name=why]", why)
    convener.sees_no_barrier("tale-ask")
    convener.send()
    librarian.open("my/")
    librarian.follow(f"main .todo li:has-text('{LIBRARY}') a")
    expect(librarian.page.locator("main")).to_contain_text(why)
    librarian.sees_no_barrier("tale-asked")
    _joins(librarian, "bibliotekets-vanner", f"{PLEDGE}/bibliotekets-vanner")
    convener.open(f"networks/{SLUG}/check/")
    convener.send(f"{row} form[action*='/confirm/']")
    convener.open(f"networks/{SLUG}/members/")
    for name in (BAKERY, LIBRARY):
        expect(convener.page.locator(".member-card", has_text=name)).to_have_count(1)
    convener.sees_no_barrier("tale-members")


def _meeting_is_called(convener: Reader) -> tuple[str, datetime]:
    """An umbrella meeting that begins within two minutes, with a point on its agenda. Its address and beginning."""
    soon = datetime.now(STOCKHOLM) + timedelta(seconds=45)
    begins = soon.replace(second=0, microsecond=0) + timedelta(minutes=1)
    if begins.time() == time(23, 59):
        begins += timedelta(minutes=1)
    ends = min(begins + timedelta(hours=2), datetime.combine(begins.date(), time(23, 59), STOCKHOLM))
    page = convener.page
    convener.open(f"networks/{SLUG}/meetings/new/")
    page.fill("input[name=title]", "Vårens paraplymöte")
    page.fill("input[name=day]", begins.date().isoformat())
    page.fill("input[name=begins]", f"{begins:%H:%M}")
    page.fill("input[name=ends]", f"{ends:%H:%M}")
    page.fill("input[name=place]", "Nora bibliotek")
    convener.sees_no_barrier("tale-meeting-new")
    convener.send()
    meeting = page.url
    convener.follow("main a[href$='/agenda/']")
    page.fill("input[name=title]", "Ska vi annonsera tillsammans?")
    convener.send()
    convener.follow("main a[href$='/call/']")
    convener.send()
    expect(page.locator(".agenda")).to_contain_text("Ska vi annonsera tillsammans?")
    convener.sees_no_barrier("tale-meeting-called")
    return meeting, begins


def _answers_by_link(reader: Reader, steward: Reader, email: str) -> None:
    """Without signing in: by the link of the mail that calls the meeting."""
    link = address_from_mail(steward, email, r"/\w\w/meetings/answer/[^\s/]+/")
    reader.page.goto(reader.site + link)
    reader.page.check("input[name=answer][value=maybe]")
    reader.send()
    expect(reader.page.locator("input[name=answer][value=maybe]")).to_be_checked()
    reader.sees_no_barrier("tale-meeting-answered-by-link")


def _answers_that_they_decide(reader: Reader, meeting: str) -> None:
    reader.page.goto(f"{meeting}answer/")
    reader.page.check("input[name=answer][value=yes]")
    for box in reader.page.locator("input[name=decides_for]").all():
        box.check()
    reader.sees_no_barrier("tale-meeting-answer")
    reader.send()


def _resident_asks_to_follow(resident: Reader, steward: Reader) -> None:
    resident.open(f"places/{PLACE}/feed/follow/")
    resident.page.fill("input[name=email]", RESIDENT)
    resident.page.check("input[name=frequency][value=daily]")
    resident.sees_no_barrier("tale-follow")
    resident.send("main form:has(input[name=email])")
    resident.sees_no_barrier("tale-follow-asked")
    link = address_from_mail(steward, RESIDENT, r"/\w\w/following/confirm/[^\s/]+/")
    resident.page.goto(resident.site + link)
    resident.sees_no_barrier("tale-follow-confirm")
    resident.send()


def _editors_write(baker: Reader, librarian: Reader) -> None:
    """News with a picture from one actor, an event from the other."""
    page = baker.page
    _begins_to_write(baker, BAKERY, "news")
    page.fill("input[name=title]", "Ugnen går på överskottsvärme")
    baker.writes("text", "Värmen från gjuteriet räcker till hela morgonbaket.")
    _in_the_network(baker)
    baker.sees_no_barrier("tale-write")
    baker.send(button="button[value=pictures]")
    picture = {"name": "ugn.jpg", "mimeType": "image/jpeg", "buffer": _a_picture()}
    page.set_input_files("input[name=upload]", picture)
    page.fill("input[name=alt]", "En bagare skjuter in en plåt med bullar i en stor ugn")
    page.fill("input[name=photographer]", "Vilma Vik")
    page.check("input[name=has_permission]")
    baker.sees_no_barrier("tale-picture")
    baker.send("main form:has(input[name=upload])")
    baker.follow("main a.ds-button[href$='/preview/']")
    baker.sees_no_barrier("tale-preview")
    baker.send("main form[action$='/publish/']")
    baker.sees_no_barrier("tale-receipt")
    _begins_to_write(librarian, LIBRARY, "event")
    page = librarian.page
    page.fill("input[name=title]", "Bytardag på torget")
    begins = datetime.now(STOCKHOLM) + timedelta(days=3)
    page.fill("input[name=event_starts_at]", f"{begins:%Y-%m-%d}T11:00")
    page.fill("input[name=event_ends_at]", f"{begins:%Y-%m-%d}T15:00")
    page.fill("input[name=event_place]", "Stora torget, Nora")
    librarian.writes("text", "Ta med något du har tröttnat på, och ta hem något annat.")
    _in_the_network(librarian)
    librarian.send(button="button[value=preview]")
    librarian.send("main form[action$='/publish/']")


def _begins_to_write(reader: Reader, author: str, kind: str) -> None:
    reader.open("write/")
    reader.page.get_by_label(author, exact=True).check()
    reader.page.check(f"input[name=kind][value={kind}]")
    reader.send()


def _in_the_network(reader: Reader) -> None:
    choice = reader.page.get_by_label(NETWORK, exact=True)
    if choice.count():
        choice.check()


def _a_picture() -> bytes:
    held = BytesIO()
    picture = Image.new("RGB", (1200, 800), "#8a5a33")
    picture.paste("#f2c66d", (300, 250, 900, 600))
    picture.save(held, "JPEG")
    return held.getvalue()


def _resident_reads(resident: Reader) -> None:
    """Without an account: the municipality's feed and page, the network's feed, and the network's page."""
    resident.open(f"places/{PLACE}/feed/")
    expect(resident.page.locator("article.post", has_text="Bytardag på torget")).to_have_count(1)
    resident.sees_no_barrier("tale-feed")
    resident.open(f"networks/{SLUG}/feed/")
    picture = resident.page.locator("article.post img[alt^='En bagare']")
    expect(picture).to_have_count(1)
    resident.sees_no_barrier("tale-network-feed")
    for path in (f"places/{PLACE}/", f"networks/{SLUG}/"):
        resident.open(path)
        resident.sees_no_barrier("tale-" + path.strip("/").replace("/", "-"))
    expect(resident.page.locator("main")).to_contain_text("Vårens paraplymöte")


def _meeting_is_held(convener: Reader, meeting: str, begins: datetime) -> None:
    """When it has begun: who was there, what was said, and the decision to advertise."""
    page = convener.page
    wait = (begins - datetime.now(STOCKHOLM)).total_seconds()
    page.wait_for_timeout(max(0, wait + 1) * 1000)
    page.goto(meeting)
    convener.send("main form[action$='/held/']")
    page.goto(f"{meeting}people/")
    for name in (BAKERY, LIBRARY):
        row = page.locator("tr", has_text=name).first
        expect(row.locator(".ds-tag")).to_have_count(1)
        row.locator("input[name=present]").check()
    convener.sees_no_barrier("tale-meeting-people")
    convener.send("main form.presence")
    page.goto(f"{meeting}minutes/")
    convener.writes("text", "Sju kom. Alla ville synas tillsammans i tidningen.")
    convener.sees_no_barrier("tale-minutes")
    convener.send()
    page.goto(f"{meeting}decisions/")
    page.fill("textarea[name=text]", "Vi annonserar tillsammans i Bergslagsposten i vår.")
    page.fill("input[name=responsible_name]", "Bodil Berglund")
    convener.sees_no_barrier("tale-decision")
    convener.send()
    page.goto(f"{meeting}minutes/approve/")
    convener.sees_no_barrier("tale-minutes-approve")
    convener.send()
    expect(page.locator("#minutes ~ ul, section[aria-labelledby=minutes]").first).to_contain_text("Vi annonserar")
    convener.sees_no_barrier("tale-meeting-held")


def _campaign_is_put_on_the_board(convener: Reader, baker: Reader) -> None:
    page = convener.page
    convener.open(f"networks/{SLUG}/campaigns/new/")
    page.check("input[name=kind][value=advertisement]")
    page.fill("input[name=title]", "Ett uppslag i Bergslagsposten")
    page.fill("textarea[name=goal]", "Alla i bygden ska ha sett vad vi gör.")
    convener.sees_no_barrier("tale-campaign-new")
    convener.send()
    convener.open(f"networks/{SLUG}/campaigns/")
    convener.send("main section[aria-labelledby=column-idea] form[action$='/move/planned/']")
    planned = page.locator("section[aria-labelledby=column-planned]")
    expect(planned).to_contain_text("Ett uppslag i Bergslagsposten")
    convener.sees_no_barrier("tale-board")
    baker.open(f"networks/{SLUG}/campaigns/")
    baker.follow("main .campaign a[href*='/campaigns/']")
    baker.follow("main a[href*='/part/']")
    baker.page.check("input[name=answer][value=yes]")
    baker.page.fill("textarea[name=contribution]", "Betalar en femtedel")
    baker.send()
    expect(baker.page.locator("main")).to_contain_text("Betalar en femtedel")
    baker.sees_no_barrier("tale-campaign")


def _digest_comes(steward: Reader, let_time_pass: Callable[..., None]) -> None:
    tomorrow = datetime.now(STOCKHOLM).date() + timedelta(days=1)
    let_time_pass(datetime.combine(tomorrow, time(7, 5), STOCKHOLM))
    address_from_mail(steward, RESIDENT, "Bytardag på torget")
    steward.sees_no_barrier("tale-digest")


def _a_year_passes(
    steward: Reader, convener: Reader, baker: Reader, librarian: Reader, let_time_pass: Callable[..., None]
) -> None:
    """Both actors are reminded. One sends new evidence in time and stays; the other does not, and is gone."""
    begun = datetime.now(STOCKHOLM)
    let_time_pass(*(begun + timedelta(days=days) for days in (306, 336)))
    # Sessions have run out meanwhile.
    sign_in(steward, STEWARD)
    address_from_mail(steward, BAKER, NETWORK)
    sign_in(baker, BAKER)
    expect(baker.page.locator("main .todo", has_text=NETWORK).first).to_contain_text(BAKERY)
    baker.sees_no_barrier("tale-my-renew")
    _joins(baker, "bageriet-i-hallefors", f"{PLEDGE}/bageriet/igen")
    let_time_pass(*(begun + timedelta(days=days) for days in (359, 367, 380, 396)))
    sign_in(steward, STEWARD)
    _sign_in_by_code(convener, steward, CONVENER)
    convener.open(f"networks/{SLUG}/check/")
    convener.sees_no_barrier("tale-check-after-a-year")
    convener.send(f"main tr:has-text('{BAKERY}') form[action*='/confirm/']")
    convener.open(f"networks/{SLUG}/members/")
    expect(convener.page.locator(".member-card", has_text=BAKERY)).to_have_count(1)
    expect(convener.page.locator(".member-card", has_text=LIBRARY)).to_have_count(0)
    sign_in(librarian, LIBRARIAN)
    librarian.open(f"networks/{SLUG}/join/")
    librarian.follow("main a[href*='/networks/memberships/']")
    log = librarian.page.locator(".membership-log li")
    expect(log.locator("span.small:not(.muted)").last).to_be_visible()
    librarian.sees_no_barrier("tale-lapsed")


def _sign_in_by_code(reader: Reader, steward: Reader, email: str) -> None:
    reader.open("account/login/")
    reader.page.fill("input[name=login]", email)
    reader.send("main form:has(input[name=login])")
    reader.page.fill("input[name=code]", code_from_mail(steward, email))
    reader.send("main form:has(input[name=code])", "button[type=submit]:not([form])")
