"""Calls against those who mean ill: what is of others does not exist, and absurd input breaks and tells nothing."""

from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from samkraft.calls import links
from samkraft.calls.models import (
    Application,
    ApplicationState,
    Call,
    CallPerson,
    CallRole,
    CallState,
    Eligibility,
    GroupMail,
    QuestionKind,
    ReviewState,
)
from samkraft.calls.operations import applications_erasing, draws, people
from samkraft.calls.operations.decisions_telling import SALT, decision_of, token_of
from samkraft.calls.queries import report
from samkraft.calls.queries.applications_export import everything_in
from samkraft.calls.rules.small_groups import Telling, tellings
from samkraft.calls.rules.small_outcomes import outcome_tellings, tellings_within
from samkraft.calls.urls import urlpatterns
from samkraft.notices.models import OutboxMessage
from samkraft.people.models import User
from samkraft.records import files
from tests import factories, factories_calls, factories_draws
from tests.factories import NOW
from tests.records import uploads

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NONE = 999_999
MISSING = "no-such-call"
SCRIPT = "<script>alert(1)</script>"

# Of each route: what stands in it after the call's own address. What is no key of the world is itself.
OF_A_CALL = """
organise copy publish take_back prolong close cancel archive edit_about edit_when edit_who edit_number /
questions questions_preview criteria edit_how edit_sizes edit_review add_scale people invite /
applications applications_csv applications_xlsx group_mail group_mails /
decisions decisions_csv decisions_xlsx attendance attendance_csv attendance_xlsx /
decisions_right decisions_reopen announce letters /
review_list review_samples reviews reviews_share_out reviews_remind reviews_agreement samples sample_new /
selection what_if suggest_limits change_limits try_draw begin_draw take_draw_back draw_number /
letter / =place-en
add_rule / =population
add_criterion / =county
add_question / =text
remove_rule / rule
question move_question remove_question / question
criterion remove_criterion / criterion
scale remove_scale / scale
end_role / role
withdraw_offer / offer
group_mail_sent / mail
application_read application_exclude application_take_up review_ask / application
review_take_away / review
sample_remove / sample
decision_change replace / decision
draw stop_draw / draw
"""
# Routes of one object, whichever call it is of.
OF_AN_OBJECT = """
accept_offer / offer
review review_save review_conflict / review
review_file / review =1
"""
# Whoever holds the link, with an account or without.
BY_LINK = {"application", "application_form", "application_autosave", "application_check", "application_preview"}
BY_LINK |= {"application_file", "application_withdraw", "application_restore", "application_data", "application_erase"}
BY_LINK |= {"reply", "give_back", "offer"}
# Open to everybody; that a draft has none of these pages is tested here too.
OF_EVERYBODY = {"index", "calendar", "export", "new", "application_erased", "link_again"}
PUBLIC = {"call", "call_calendar", "apply", "apply_asked", "apply_link", "report", "check", "report_zip", "report_file"}


def signed_in(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client


def told(client: Client, method: str, url: str) -> tuple[int, str]:
    """What is answered, and where it leads to, without what was asked for."""
    answer = getattr(client, method)(url)
    return answer.status_code, unquote(answer.headers.get("Location", "")).replace(url, "")


def whole_call() -> SimpleNamespace:
    """A call with one of everything: drawn, and with people who run and review it."""
    draw = factories_draws.drawn(factories_draws.call())
    call, organiser = draw.call, draw.begun_by
    application = call.applications.first()
    sample = factories_calls.application(call, is_sample=True)
    reviewer = factories_calls.reviewer(call)
    factories_calls.scale(call)
    factories_calls.question(call, kind=QuestionKind.FILE)
    mail = GroupMail.objects.create(call=call, subject="x", text="x", receivers=1, by=organiser, at=NOW)
    rule = Eligibility.objects.create(call=call, fact="population", comparison="at_most", value=15_000)
    keys = {
        "rule": rule.pk,
        "question": call.questions.first().pk,
        "criterion": call.criteria.first().pk,
        "scale": call.scales.first().pk,
        "role": CallPerson.objects.get(user=reviewer).pk,
        "offer": people.invite(call=call, email="x@y.example", role=CallRole.REVIEWER, by=organiser, now=NOW).pk,
        "mail": mail.pk,
        "application": application.pk,
        "review": factories_calls.review(application, reviewer).pk,
        "sample": sample.pk,
        "decision": application.decision.pk,
        "draw": draw.pk,
    }
    return SimpleNamespace(call=call, organiser=organiser, reviewer=reviewer, applied=application, **keys)


@pytest.fixture
def theirs() -> SimpleNamespace:
    return whole_call()


@pytest.fixture
def elsewhere() -> User:
    """Runs and reviews a call of another place, which is drawn too."""
    other = factories_draws.drawn(factories_draws.call(of=factories.county("20", "Dalarna")))
    factories_calls.reviewer(other.call, other.begun_by)
    return other.begun_by


def routes(table: str) -> list[tuple[str, list[str]]]:
    found = []
    for line in table.strip().splitlines():
        names, keys = line.split("/")
        found += [(name, keys.split()) for name in names.split()]
    return found


def filled_in(world: SimpleNamespace, keys: list[str], *, gone: bool = False) -> list[object]:
    return [key[1:] if key.startswith("=") else NONE if gone else getattr(world, key) for key in keys]


def test_every_route_of_calls_is_tried_here() -> None:
    walked = {name for table in (OF_A_CALL, OF_AN_OBJECT) for name, _keys in routes(table)}

    assert {pattern.name for pattern in urlpatterns} == walked | BY_LINK | OF_EVERYBODY | PUBLIC


@pytest.mark.parametrize("who", ["elsewhere", "outsider", "visitor"])
def test_working_pages_of_others_answer_as_those_of_a_call_that_is_not_there(theirs, elsewhere, who) -> None:
    client = signed_in({"elsewhere": elsewhere, "outsider": factories.user(), "visitor": None}[who])
    wrong = []
    for name, keys in routes(OF_A_CALL):
        there = reverse(f"calls:{name}", args=[theirs.call.slug, *filled_in(theirs, keys)])
        gone = reverse(f"calls:{name}", args=[MISSING, *filled_in(theirs, keys)])
        for method in ("get", "post"):
            answer = told(client, method, there)
            if answer != told(client, method, gone) or answer[0] not in {302, 404, 405}:
                wrong.append((name, method, answer))
            if answer[0] == 302 and who != "visitor":
                wrong.append((name, method, answer))

    assert wrong == []


def test_objects_of_another_call_are_not_found_under_one_s_own(theirs, elsewhere) -> None:
    own = CallPerson.objects.filter(user=elsewhere).first().call
    client = signed_in(elsewhere)
    wrong = []
    for name, keys in routes(OF_A_CALL):
        if not keys or keys[0].startswith("="):
            continue
        there = reverse(f"calls:{name}", args=[own.slug, *filled_in(theirs, keys)])
        gone = reverse(f"calls:{name}", args=[own.slug, *filled_in(theirs, keys, gone=True)])
        for method in ("get", "post"):
            answer = told(client, method, there)
            if answer != told(client, method, gone) or answer[0] not in {404, 405}:
                wrong.append((name, method, answer))

    assert wrong == []


@pytest.mark.parametrize("who", ["elsewhere", "outsider", "organiser", "removed"])
def test_reviews_and_invitations_of_others_do_not_exist(theirs, elsewhere, who) -> None:
    CallPerson.objects.filter(user=theirs.reviewer).update(ended_on=NOW.date() if who == "removed" else None)
    users = {"elsewhere": elsewhere, "outsider": factories.user(), "organiser": theirs.organiser}
    client = signed_in(users.get(who, theirs.reviewer))

    for name, keys in routes(OF_AN_OBJECT):
        there, gone = filled_in(theirs, keys), filled_in(theirs, keys, gone=True)
        for method in ("get", "post"):
            answer = told(client, method, reverse(f"calls:{name}", args=there))
            assert answer == told(client, method, reverse(f"calls:{name}", args=gone)), (name, method)
            assert answer[0] in {404, 405}, (name, method)


def test_reviewer_reads_what_is_assigned_and_none_of_the_working_pages(theirs) -> None:
    client = signed_in(theirs.reviewer)
    own = {"review_list", "review_samples"}
    for name, keys in routes(OF_A_CALL):
        if name in own or name == "end_role":
            continue
        url = reverse(f"calls:{name}", args=[theirs.call.slug, *filled_in(theirs, keys)])
        assert {client.get(url).status_code, client.post(url).status_code} <= {404, 405}, name

    assert client.get(reverse("calls:review", args=[theirs.review])).status_code == 200
    assert client.get(reverse("calls:review_list", args=[theirs.call.slug])).status_code == 200


@pytest.mark.parametrize("who", ["elsewhere", "outsider", "visitor"])
def test_a_draft_has_no_page_for_others(elsewhere, who) -> None:
    draft = factories_calls.call(state=CallState.DRAFT, published_at=None)
    client = signed_in({"elsewhere": elsewhere, "outsider": factories.user(), "visitor": None}[who])

    for name in PUBLIC:
        more = ["report", "json"] if name == "report_file" else []
        there = reverse(f"calls:{name}", args=[draft.slug, *more])
        for method in ("get", "post"):
            answer = told(client, method, there)
            assert answer == told(client, method, reverse(f"calls:{name}", args=[MISSING, *more])), (name, method)
            assert answer[0] in {404, 405}, (name, method)


def test_absurdly_large_numbers_in_addresses_are_not_found(theirs) -> None:
    huge, organiser, reviewer = 10**30, signed_in(theirs.organiser), signed_in(theirs.reviewer)
    for name, keys in routes(OF_A_CALL):
        if keys and not keys[0].startswith("="):
            url = reverse(f"calls:{name}", args=[theirs.call.slug, huge])
            assert {organiser.get(url).status_code, organiser.post(url).status_code} <= {404, 405}, name
    for name, keys in routes(OF_AN_OBJECT):
        url = reverse(f"calls:{name}", args=[huge, *filled_in(theirs, keys[1:])])
        assert reviewer.get(url).status_code in {404, 405}, name
    token = links.token_of(theirs.applied)
    assert Client().get(reverse("calls:application_file", args=[token, huge])).status_code == 404
    assert reviewer.get(reverse("calls:review_file", args=[theirs.review, huge])).status_code == 404


# --- Links ----------------------------------------------------------------------------------------------------------


def test_link_of_one_kind_opens_nothing_of_another(theirs) -> None:
    factories_draws.announce(theirs.call)
    key = theirs.applied.key
    reply, application = token_of(theirs.applied.decision), links.token_of(theirs.applied)

    assert decision_of(reply) is not None
    assert links.key_in(application) == key
    assert decision_of(application) is None
    assert links.key_in(reply) is None
    for forged in (
        key,
        f"{key}:",
        f"{key}:{'a' * 43}",
        signing.Signer(salt="x").sign(key),
        signing.dumps(key, salt=SALT),
    ):
        for name in ("reply", "give_back", "application", "application_form", "application_data", "offer"):
            assert Client().get(reverse(f"calls:{name}", args=[forged])).status_code == 404, (name, forged)


def test_links_of_an_erased_application_lead_nowhere(theirs) -> None:
    factories_draws.announce(theirs.call)
    addresses = [reverse(f"calls:{name}", args=[token_of(theirs.applied.decision)]) for name in ("reply", "give_back")]
    token = links.token_of(theirs.applied)
    names = sorted(BY_LINK - {"reply", "give_back", "offer", "application_file"})
    addresses += [reverse(f"calls:{name}", args=[token]) for name in names]
    applications_erasing.erase(application=theirs.applied, now=NOW)

    assert {Client().get(address).status_code for address in addresses} <= {404, 405}
    assert {Client().post(address).status_code for address in addresses} <= {404, 405}


def test_pages_behind_a_link_are_kept_by_nobody_and_tell_no_other_site_where_one_was(theirs) -> None:
    factories_draws.announce(theirs.call)
    token = links.token_of(theirs.applied)
    pages = [
        reverse("calls:application", args=[token]),
        reverse("calls:application_data", args=[token]),
        reverse("calls:reply", args=[token_of(theirs.applied.decision)]),
        offer_address(theirs),
    ]

    for address in pages:
        answer = Client().get(address)
        assert answer.status_code == 200, address
        assert "no-store" in answer.headers["Cache-Control"], address
        assert "private" in answer.headers["Cache-Control"], address
        assert answer.headers["Referrer-Policy"] == "same-origin", address
        assert "noindex" in answer.headers.get("X-Robots-Tag", ""), address
        title = answer.content.decode(errors="replace").partition("</title>")[0].partition("<title>")[2]
        assert address.split("/")[-2] not in title, address


def offer_address(theirs: SimpleNamespace) -> str:
    people.invite(call=theirs.call, email="z@y.example", role=CallRole.REVIEWER, by=theirs.organiser, now=NOW)
    return OutboxMessage.objects.filter(kind="calls.invitation").latest("pk").url


# --- Too early ------------------------------------------------------------------------------------------------------


def test_own_data_tell_nothing_of_draws_that_are_tried_or_still_being_computed() -> None:
    draw = factories_draws.begun(factories_draws.call())
    applied = draw.call.applications.first()
    factories_draws.begun(draw.call, draw.begun_by, is_test=True)

    assert everything_in(applied)["draws"] == []
    factories_draws.compute(draw)
    assert [kept["public_id"] for kept in everything_in(applied)["draws"]] == [
        draw.pool.get(application=applied).public_id
    ]


def test_first_of_two_numbers_is_on_no_page_before_the_second_is_in() -> None:
    call = factories_draws.call(seed_kind="two_people", seed_source="")
    other = factories_calls.organiser(call)
    draw = factories_draws.committed(call)
    draws.enter_own_number(draw=draw, number="98765-thrown", by=draw.begun_by, now=NOW)

    for reader in (other, draw.begun_by, factories_calls.reviewer(draw.call), None):
        client = signed_in(reader)
        for name in ("selection", "draw_number", "organise", "decisions", "call", "report", "check", "report_zip"):
            assert b"98765-thrown" not in client.get(reverse(f"calls:{name}", args=[draw.call.slug])).content, name


@pytest.mark.parametrize("state", [CallState.DRAWN, CallState.DECIDED])
def test_before_the_announcement_only_the_commitment_is_public(state) -> None:
    draw = factories_draws.drawn()
    Call.objects.filter(pk=draw.call_id).update(state=state)
    pages = ["call", "report", "check", "report_zip", "call_calendar"]
    said = b"".join(Client().get(reverse(f"calls:{name}", args=[draw.call.slug])).content for name in pages)
    said += Client().get(f"/api/v1/call-reports/{draw.call.slug}").content + Client().get("/api/v1/calls").content

    assert draw.seed.encode() not in said
    assert b"lotto.example" not in said
    for name in ("draw.json", "drawn.csv", "waitlist.csv", "types.csv", "salts.csv", "probabilities.csv"):
        address = reverse("calls:report_file", args=[draw.call.slug, *name.split(".")])
        assert Client().get(address).status_code == 404
        assert signed_in(draw.begun_by).get(address).status_code == 404


# --- Small groups ---------------------------------------------------------------------------------------------------


def test_outcome_of_a_small_group_does_not_follow_from_the_places() -> None:
    counts, none = {"a": 9, "b": 1, "c": 3, "d": 5}, {"a": 3, "b": 0, "c": 0, "d": 2}
    every = {"a": 0, "b": 1, "c": 3, "d": 2}

    for chosen in (none, every):
        how = outcome_tellings(counts, chosen)
        withheld = [value for value in counts if how[value] != Telling.AS_IT_IS]
        assert 0 < sum(chosen[value] for value in withheld) < sum(counts[value] for value in withheld)
    # Where everybody gets a place there is nothing to keep.
    assert outcome_tellings(counts, counts) == tellings(counts)


def test_small_county_does_not_follow_from_the_figures_of_its_part_of_the_country() -> None:
    inside = {"north 1": "north", "north 2": "north", "south 1": "south", "south 2": "south"}
    counties = {"north 1": 1, "north 2": 9, "south 1": 4, "south 2": 8}
    parts = {"north": 10, "south": 12}
    chosen, parts_chosen = {"north 1": 0, "north 2": 4, "south 1": 2, "south 2": 3}, {"north": 4, "south": 5}

    alone = outcome_tellings(counties, chosen)
    assert (alone["north 1"], alone["north 2"]) == (Telling.FEW, Telling.AS_IT_IS)  # 10 - 9 would tell it
    of_county, of_part = tellings_within(counties, chosen, parts, parts_chosen, inside)
    assert (of_county["north 1"], of_county["north 2"]) == (Telling.FEW, Telling.NOT)
    assert set(of_part.values()) == {Telling.AS_IT_IS}

    # Four people in two counties of two each: the part would tell both.
    counties, chosen = {**counties, "north 1": 2, "north 2": 2}, {**chosen, "north 2": 1}
    of_county, of_part = tellings_within(counties, chosen, {"north": 4, "south": 12}, {"north": 1, "south": 5}, inside)
    assert set(of_part.values()) == {Telling.NOT}
    assert (of_county["north 1"], of_county["north 2"]) == (Telling.FEW, Telling.FEW)


def test_report_tells_counties_and_parts_of_the_country_together() -> None:
    call = factories_draws.call(people=0, seats=8)
    call.criteria.all().delete()
    for source in ("part", "county"):
        factories_calls.criterion(call, source)
    counties = {}
    for code, count in {"14": 4, "06": 5, "25": 1, "24": 9}.items():
        counties[code] = factories.county(code, f"County {code}")
        town = factories.area(f"{code}99", f"Town {code}", of=counties[code])
        for _one in range(count):
            factories_calls.application(call, place=town)
    draw = factories_draws.drawn(call)

    told = {feature.key: {row.word: row.pool for row in feature.values} for feature in report.told_features(draw)}
    assert told["county"][counties["25"].full_name] == "fewer than 3"
    # Ten of Norrland without nine of one county would be the one of the other.
    assert "not told" in (told["part"]["Norrland"], told["county"][counties["24"].full_name])


# --- Blind review ---------------------------------------------------------------------------------------------------


def test_what_a_file_is_called_reaches_no_reviewer(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    call = factories_calls.call(state=CallState.IN_REVIEW, is_blind=True)
    asked = factories_calls.question(call, kind=QuestionKind.FILE)
    applied = factories_calls.application(call, name="Wilhelmina Quist")
    upload = uploads.upload(uploads.PDF, "Wilhelmina Quist.pdf")
    file = files.store_document(upload=upload, purpose="calls.attachment", by=None, now=NOW)
    applied.answers.create(question=asked, file=file)
    reviewer = factories_calls.reviewer(call)
    review = factories_calls.review(applied, reviewer)
    client = signed_in(reviewer)

    answers = [
        client.get(reverse("calls:review", args=[review.pk])),
        client.get(reverse("calls:review_list", args=[call.slug])),
        client.get(reverse("calls:review_file", args=[review.pk, 1])),
    ]
    assert {answer.status_code for answer in answers} == {200}
    for answer in answers:
        assert "Quist" not in answer.content.decode(errors="replace") + str(answer.headers)
    assert client.get(files.address_of(file)).status_code == 404
    Application.objects.update(state=ApplicationState.EXCLUDED)
    assert client.get(reverse("calls:review_file", args=[review.pk, 1])).status_code == 404
    review.state = ReviewState.CONFLICT
    review.save()
    assert client.get(reverse("calls:review", args=[review.pk])).status_code == 404


# --- Texts that mean harm -------------------------------------------------------------------------------------------


def test_no_text_of_anybody_runs_on_a_page_of_others(theirs) -> None:
    call = theirs.call
    Call.objects.filter(pk=call.pk).update(
        title=SCRIPT, summary=SCRIPT, offer=SCRIPT, organiser_name=SCRIPT, seed_source=SCRIPT, state=CallState.ANNOUNCED
    )
    factories_calls.choice_question(call, "a", label=SCRIPT, help_text=SCRIPT)
    call.questions.update(label=SCRIPT, help_text=SCRIPT)
    call.questions.exclude(choices=[]).update(choices=[{"value": "a", "label": SCRIPT}, {"value": "b", "label": "b"}])
    call.scales.update(label=SCRIPT, help_text=SCRIPT, anchors={"1": SCRIPT})
    call.draws.update(seed=SCRIPT, why=SCRIPT)
    call.changes.create(part="about", why=SCRIPT, by=theirs.organiser, at=NOW)
    theirs.applied.decision.changes.create(
        from_outcome="no", to_outcome="place", why=SCRIPT, by=theirs.organiser, at=NOW
    )
    call.applications.update(name=SCRIPT, actor_name=SCRIPT)
    User.objects.update(name=SCRIPT)
    for asked in call.questions.exclude(kind=QuestionKind.FILE):
        theirs.applied.answers.create(question=asked, text=SCRIPT)
    GroupMail.objects.update(subject=SCRIPT, text=SCRIPT, chosen_by={"q": [SCRIPT]})

    organiser = signed_in(theirs.organiser)
    for name, keys in routes(OF_A_CALL):
        answer = organiser.get(reverse(f"calls:{name}", args=[call.slug, *filled_in(theirs, keys)]))
        if answer.headers["Content-Type"].startswith("text/html"):
            assert SCRIPT not in answer.content.decode(), name
    review = reverse("calls:review", args=[theirs.review])
    Call.objects.filter(pk=call.pk).update(state=CallState.IN_REVIEW)
    pages = [signed_in(theirs.reviewer).get(review), signed_in(theirs.reviewer).get(reverse("portal:my"))]
    Call.objects.filter(pk=call.pk).update(state=CallState.ANNOUNCED)
    token, public = links.token_of(theirs.applied), ("call", "report", "check", "apply", "apply_link")
    own = ("application", "application_form", "application_preview", "application_erase")
    addresses = [reverse("calls:index"), reverse("calls:reply", args=[token_of(theirs.applied.decision)])]
    addresses += [reverse(f"calls:{name}", args=[call.slug]) for name in public]
    addresses += [reverse(f"calls:{name}", args=[token]) for name in own]
    pages += [Client().get(address, follow=True) for address in addresses]
    for page in pages:
        assert page.status_code == 200
        assert SCRIPT not in page.content.decode(), page.request["PATH_INFO"]


# --- Absurd input ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "steps", ["[" * 100_000, "null", "{}", "[1]", '[["seats",1e400,"",""]]', '[["seats",NaN,"",""]]', "\x00", "[[]]"]
)
def test_made_up_changes_of_limits_are_not_found(steps) -> None:
    call = factories_draws.call()
    client = signed_in(factories_calls.organiser(call))

    answer = client.post(reverse("calls:change_limits", args=[call.slug]), {"seats": "4", "why": "x", "steps": steps})

    assert answer.status_code == 404
