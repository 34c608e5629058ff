"""The pages on which posts are written: who may open them, what they refuse, and that nothing is lost."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from samkraft.feeds.models import InflowItem, InflowSource, Post, PostState
from samkraft.feeds.operations import posts
from samkraft.places.models import AreaLink, LinkKind
from tests import factories, factories_networks, factories_posts
from tests.factories import NOW
from tests.factories_posts import draft, published

pytestmark = pytest.mark.django_db

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<iframe src="javascript:alert(1)"></iframe>',
    '<object data="javascript:alert(1)"></object>',
    '<embed src="data:text/html;base64,PHNjcmlwdD4=">',
    '<form action="javascript:alert(1)"><button>x</button></form>',
    "<style>@import 'javascript:alert(1)';</style>",
    '<p style="background:url(javascript:alert(1))">x</p>',
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<<script>script>alert(1)<</script>/script>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<p onclick=alert(1)>x</p>",
    '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
    '<base href="javascript:alert(1)//">',
    "<template><script>alert(1)</script></template>",
]
HARM = (
    "<script",
    "onerror",
    "onload",
    "onclick",
    "ontoggle",
    "javascript:",
    "vbscript:",
    "data:text",
    "<iframe",
    "<svg",
)


def signed_in_as(person) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def form(**fields):
    return {"title": "Trees", "text": "We plant trees.", "language": "sv", "step": "preview", **fields}


def begin(actor, kind="news") -> str:
    return f"/en/write/actor-{actor.pk}/?kind={kind}"


def shown_to_readers(html: str) -> str:
    """The post as it stands on the page, without the site's own scripts in the head."""
    return html.partition('<article class="post"')[2].partition("</article>")[0].lower()


def elsewhere():
    """A municipality of another county."""
    return factories.area("0180", "Stockholm", of=factories.county("01", "Stockholm"))


def ways(post) -> list[str]:
    names = ("edit", "pictures", "preview", "publish", "unschedule", "published", "unpublish", "withdraw", "copy")
    return [f"/en/posts/{post.pk}/{name}/" for name in (*names, "history")]


class TestAccess:
    def test_everyone_with_an_account_may_ask_to_write(self, cast):
        expected = {"owner": 200, "member": 200, "outsider": 200, "steward": 200, "visitor": 302}
        assert cast.statuses("/en/write/") == expected
        assert cast.statuses("/en/my/posts/") == expected

    def test_who_writes_for_nobody_is_told_how_to_begin(self, cast):
        assert "You do not write for anybody yet" in cast.client("outsider").get("/en/write/").text

    def test_editor_of_another_actor_finds_nothing_by_any_way(self):
        stranger = signed_in_as(factories_posts.editor()[1])
        actor, person = factories_posts.editor()
        for post in (draft(actor, person), published(actor, person), factories_posts.unpublished(actor=actor)):
            before = Post.objects.values().get(pk=post.pk)
            nothing = {url.replace(str(post.pk), "999999") for url in ways(post)}
            for url in [*ways(post), *nothing, begin(actor)]:
                got, sent = stranger.get(url), stranger.post(url, form(version=1, why="x"))
                assert {got.status_code, sent.status_code} <= {404, 405}, url
            assert Post.objects.values().get(pk=post.pk) == before

    def test_author_that_one_writes_for_no_more_is_closed(self):
        actor, person = factories_posts.editor()
        client, post = signed_in_as(person), draft(actor, person)
        assert client.get(f"/en/posts/{post.pk}/edit/").status_code == 200
        actor.people.update(ended_on=NOW.date())
        assert client.get(f"/en/posts/{post.pk}/edit/").status_code == 404
        assert client.get(begin(actor)).status_code == 404

    def test_author_in_the_address_is_no_other_than_one_of_mine(self):
        actor, person = factories_posts.editor()
        client = signed_in_as(person)
        for key in (f"area-{factories.area().pk}", "actor-0", "user-1", "actor", f"network-{actor.pk}"):
            assert client.get(f"/en/write/{key}/").status_code == 404

    def test_buttons_are_no_links(self):
        actor, person = factories_posts.editor()
        client, post = signed_in_as(person), draft(actor, person)
        for way in ("publish", "unschedule", "copy"):
            assert client.get(f"/en/posts/{post.pk}/{way}/").status_code == 405


class TestWriting:
    def test_choice_leads_to_the_form_that_fits(self):
        actor, person = factories_posts.editor()
        client = signed_in_as(person)
        answer = client.get("/en/write/", {"author": f"actor-{actor.pk}", "kind": "event"})
        assert answer["Location"] == begin(actor, "event")
        assert 'type="datetime-local"' in client.get(answer["Location"]).text

    def test_draft_is_written_looked_at_and_published(self):
        actor, person = factories_posts.editor()
        client = signed_in_as(person)
        answer = client.post(begin(actor), form())
        post = Post.objects.get()
        assert (post.state, post.title, post.text, post.municipality) == (
            PostState.DRAFT,
            "Trees",
            "<p>We plant trees.</p>",
            factories.area(),
        )
        assert answer["Location"] == f"/en/posts/{post.pk}/preview/"
        assert "we plant trees." in shown_to_readers(client.get(answer["Location"]).text)
        receipt = client.post(f"/en/posts/{post.pk}/publish/", {"version": post.version})["Location"]
        assert receipt == f"/en/posts/{post.pk}/published/"
        post.refresh_from_db()
        assert post.state == PostState.PUBLISHED

    @pytest.mark.parametrize("number", [1, 2], ids=["one author", "two authors"])
    def test_item_of_the_tray_is_shared_with_its_link_and_title(self, number):
        actor, person = factories_posts.editor()
        if number == 2:
            factories_posts.editor(factories_networks.actor(), person)
        source = InflowSource.objects.create(
            county=factories.county(), title="The Region", url="https://r.example/feed", added_at=NOW, next_at=NOW
        )
        item = InflowItem.objects.create(
            source=source,
            guid="1",
            url="https://r.example/1",
            title="Buses",
            summary="More of them.",
            published_at=NOW,
            taken_in_at=NOW,
        )
        client, url = signed_in_as(person), f"/en/write/?share={item.pk}"
        if number == 2:
            assert "Buses" in client.get(url).text
            url += f"&author=actor-{actor.pk}"
        address = client.get(url)["Location"]
        assert address == f"/en/write/actor-{actor.pk}/?kind=share&share={item.pk}"
        text = client.get(address).text
        assert all(f'value="{told}"' in text for told in ("https://r.example/1", "Buses", "The Region"))
        stranger = signed_in_as(factories_posts.editor(factories_networks.actor(elsewhere()))[1])
        assert "Buses" not in stranger.get(f"/en/write/?share={item.pk}", follow=True).text

    def test_steps_lead_on_to_pictures_or_stay(self):
        actor, person = factories_posts.editor()
        client = signed_in_as(person)
        found = [client.post(begin(actor), form(step=step))["Location"].split("/")[-2] for step in ("pictures", "keep")]
        assert found == ["pictures", "edit"]

    def test_receipt_has_a_text_to_share_and_the_facebook_pages(self):
        actor, person = factories_posts.editor(factories_networks.actor(facebook_url="https://facebook.com/actor"))
        area = factories.area()
        AreaLink.objects.filter(area__in=[area, area.parent]).delete()
        AreaLink.objects.create(area=area, kind=LinkKind.FACEBOOK, title="Omställning", url="https://facebook.com/area")
        post = published(actor, person, title="Trees & more", text=f"<p>{'We plant. ' * 100}</p>")
        text = signed_in_as(person).get(f"/en/posts/{post.pk}/published/").text
        shared = text.partition("readonly")[2].partition(">")[2].partition("</textarea>")[0]
        assert shared.startswith("Trees &amp; more\n\nWe plant.")
        assert shared.endswith(f" …\n\nhttp://127.0.0.1:8000/en/posts/{post.pk}/")
        assert all(url in text for url in ("https://facebook.com/area", "https://facebook.com/actor"))

    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_what_would_harm_a_reader_is_not_kept_whichever_way_it_is_sent(self, payload):
        actor, person = factories_posts.editor()
        client = signed_in_as(person)
        for sent in ({"text": payload, "text_format": "html"}, {"text": payload, "text_source": payload}):
            client.post(begin(actor), form(**sent, title=payload[:160]))
        for post in Post.objects.all():
            # Sent as plain text it is shown as what was typed; no element of it is an element of the page.
            kept = post.text.lower()
            elements = [part.partition(">")[0] for part in kept.split("<")[1:]]
            assert not any(harm.strip("<") in element for harm in HARM for element in elements), kept
            page = shown_to_readers(client.get(f"/en/posts/{post.pk}/preview/").text)
            elements = [part.partition(">")[0] for part in page.split("<")[1:]]
            assert not any(harm.strip("<") in element for harm in HARM for element in elements), page

    @pytest.mark.parametrize(
        "link",
        [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,<b>x</b>",
            "vbscript:x",
            "file:///etc/passwd",
            "ftp://example.org/",
            "https://me:secret@example.org/",
            "//",
            "https://",
            "no address",
        ],
    )
    def test_link_that_is_no_page_of_the_open_web_is_refused(self, link):
        actor, person = factories_posts.editor()
        answer = signed_in_as(person).post(begin(actor, "share"), form(link_url=link))
        assert (answer.status_code, "ds-validation-message" in answer.text, Post.objects.count()) == (200, True, 0)

    @pytest.mark.parametrize(
        "link", ["http://127.0.0.1:1/", "http://10.1.2.3/", "http://[::1]/", "javascript:alert(1)"]
    )
    def test_link_that_cannot_be_looked_up_is_told_and_what_was_written_stays(self, link):
        actor, person = factories_posts.editor()
        answer = signed_in_as(person).post(begin(actor, "share"), form(link_url=link, step="look", title="My words"))
        assert (answer.status_code, Post.objects.count()) == (200, 0)
        assert 'data-color="warning" role="alert"' in answer.text
        assert all(words in answer.text for words in ("My words", "We plant trees."))
        assert "ds-error-summary" not in answer.text

    def test_shared_link_is_published_with_a_title_typed_by_hand(self):
        actor, person = factories_posts.editor()
        client = signed_in_as(person)
        client.post(begin(actor, "share"), form(link_url="https://paper.example/a", link_title="The page"))
        post = Post.objects.get()
        client.post(f"/en/posts/{post.pk}/publish/", {"version": 1})
        post.refresh_from_db()
        assert (post.state, post.link_url, post.link_title) == ("published", "https://paper.example/a", "The page")

    @pytest.mark.parametrize(
        ("begins", "ends", "at"),
        [
            ("2026-07-01T18:00", "2026-07-01T20:00", datetime(2026, 7, 1, 16, tzinfo=UTC)),
            ("2026-12-01T18:00", "", datetime(2026, 12, 1, 17, tzinfo=UTC)),
        ],
    )
    def test_event_is_kept_in_the_time_zone_of_its_place(self, begins, ends, at):
        actor, person = factories_posts.editor()
        client = signed_in_as(person)
        asked = form(event_starts_at=begins, event_ends_at=ends, event_place="The square")
        client.post(begin(actor, "event"), asked)
        post = Post.objects.get()
        assert (post.event_starts_at, post.event_place) == (at, "The square")
        assert f'value="{begins}"' in client.get(f"/en/posts/{post.pk}/edit/").text

    @pytest.mark.parametrize(
        "times",
        [
            {"event_starts_at": "2026-07-01T18:00", "event_ends_at": "2026-07-01T17:00"},
            {"event_starts_at": "yesterday"},
            {"event_starts_at": ""},
            {"event_starts_at": "2026-03-29T02:30"},
        ],
    )
    def test_event_at_no_time_is_refused(self, times):
        actor, person = factories_posts.editor()
        answer = signed_in_as(person).post(begin(actor, "event"), form(**times, event_place="The square"))
        assert ("ds-validation-message" in answer.text, Post.objects.count()) == (True, 0)

    def test_only_the_places_of_the_author_are_taken(self):
        here, there = factories.area(), factories.area("1473", "Töreboda")
        actor, person = factories_posts.editor(factories_networks.actor(here, there))
        elsewhere, network = factories.area("1471", "Götene"), factories_networks.network()
        client = signed_in_as(person)
        for wrong in ({"municipality": elsewhere.pk}, {"municipality": ""}):
            assert "ds-validation-message" in client.post(begin(actor), form(**wrong)).text
        client.post(begin(actor), form(municipality=there.pk, network=network.pk))
        post = Post.objects.get()
        assert (post.municipality, post.network, post.in_network_feed) == (there, None, False)

    def test_member_of_a_network_tells_in_its_feed_and_the_countys(self):
        actor, person = factories_posts.editor()
        network = factories_networks.network()
        factories_networks.admitted(network, actor)
        signed_in_as(person).post(begin(actor), form(network=network.pk, in_county_feed="on"))
        post = Post.objects.get()
        assert (post.network, post.in_network_feed, post.in_county_feed) == (network, True, True)

    def test_forms_ask_little_of_the_database(self, django_assert_max_num_queries):
        actor, person = factories_posts.editor()
        post = draft(actor, person)
        client = signed_in_as(person)
        for url in ("/en/write/", begin(actor), *ways(post)):
            with django_assert_max_num_queries(12):
                client.get(url)


class TestEditing:
    def test_second_saver_is_told_sees_the_other_and_loses_nothing(self):
        actor, person = factories_posts.editor()
        post = draft(actor, person, title="Trees")
        first, second = signed_in_as(person), signed_in_as(factories_networks.speaker(actor))
        url = f"/en/posts/{post.pk}/edit/"
        first.post(url, form(version=1, title="Mine", text="What the first wrote."))
        told = second.post(url, form(version=1, title="Theirs", text="What the second wrote."))
        assert told.status_code == 409
        assert all(words in told.text for words in ("What the first wrote.", "What the second wrote.", "Theirs"))
        assert 'name="version" value="2"' in told.text
        post.refresh_from_db()
        assert post.title == "Mine"
        second.post(url, form(version=2, title="Both", text="What both wrote."))
        post.refresh_from_db()
        assert (post.title, post.version) == ("Both", 3)

    def test_published_post_is_edited_and_readers_see_it(self):
        actor, person = factories_posts.editor()
        post = published(actor, person, title="Tres")
        answer = signed_in_as(person).post(f"/en/posts/{post.pk}/edit/", form(version=1, step="publish"))
        assert answer["Location"] == f"/en/posts/{post.pk}/"
        page = Client().get(answer["Location"]).text
        assert "edited" in shown_to_readers(page)
        assert "Trees" in page

    def test_history_tells_who_changed_what(self):
        actor, person = factories_posts.editor()
        post = published(actor, person, title="Tres")
        client = signed_in_as(person)
        client.post(f"/en/posts/{post.pk}/edit/", form(version=1))
        text = client.get(f"/en/posts/{post.pk}/history/").text
        assert all(words in text for words in ("Tres", "Trees", str(person), "Began the draft", "Published"))

    def test_version_that_is_no_number_is_told(self):
        actor, person = factories_posts.editor()
        post = draft(actor, person)
        for version in ("", "x", "-1", "9" * 30):
            answer = signed_in_as(person).post(f"/en/posts/{post.pk}/edit/", form(version=version, title="Other"))
            assert answer.status_code in {200, 409}
            client = signed_in_as(person)
            assert client.post(f"/en/posts/{post.pk}/publish/", {"version": version}).status_code == 302
        post.refresh_from_db()
        assert (post.version, post.state) == (1, PostState.DRAFT)


class TestPublishing:
    def test_post_is_scheduled_and_made_a_draft_again(self):
        actor, person = factories_posts.editor()
        post = draft(actor, person)
        client, url = signed_in_as(person), f"/en/posts/{post.pk}/preview/"
        at = timezone.localtime() + timedelta(days=2)
        answer = client.post(url, {"version": 1, "at": at.strftime("%Y-%m-%dT%H:%M")})
        assert answer["Location"] == url
        post.refresh_from_db()
        assert (post.state, post.scheduled_for) == (PostState.SCHEDULED, at.replace(second=0, microsecond=0))
        assert client.get(url).status_code == 200
        client.post(f"/en/posts/{post.pk}/unschedule/")
        post.refresh_from_db()
        assert post.state == PostState.DRAFT

    def test_time_that_has_passed_is_told(self):
        actor, person = factories_posts.editor()
        post = draft(actor, person)
        answer = signed_in_as(person).post(f"/en/posts/{post.pk}/preview/", {"version": 1, "at": "2020-01-01T10:00"})
        assert "still to come" in answer.text

    def test_draft_is_put_away_and_copied(self):
        actor, person = factories_posts.editor()
        post = draft(actor, person)
        client = signed_in_as(person)
        assert client.get(f"/en/posts/{post.pk}/withdraw/").status_code == 200
        client.post(f"/en/posts/{post.pk}/withdraw/")
        post.refresh_from_db()
        assert post.state == PostState.WITHDRAWN
        copied = client.post(f"/en/posts/{post.pk}/copy/")["Location"]
        assert copied == f"/en/posts/{Post.objects.latest('pk').pk}/edit/"
        assert Post.objects.filter(state=PostState.DRAFT).count() == 1

    def test_unpublished_post_is_gone_from_pages_feeds_and_pictures_at_once(self):
        actor, person = factories_posts.editor()
        post = draft(actor, person, title="Told too early", in_county_feed=True)
        factories_posts.picture(post, person)
        post = posts.publish_post(post=post, version=1, by=person, now=NOW)
        place = "/en/places/se/mariestad"
        county = f"/en/places/se/{factories.county().slug}"
        addresses = [
            *(f"{place}/feed{form}" for form in ("/", ".atom", ".json")),
            *(f"{county}/feed{form}" for form in ("/", ".atom", ".json")),
            *(f"/en/places/se/feed{form}" for form in ("/", ".atom", ".json")),
            f"/en/networks/actors/{actor.slug}/feed/",
            "/api/v1/posts?municipality=SE-1493",
            f"/en/posts/{post.pk}/",
        ]
        reader = Client()

        def who_tells_it():
            # Each is asked for twice, so that it is given out from the page cache the second time.
            return [url for url in addresses if [reader.get(url).text for _ in range(2)][1].count("Told too early")]

        assert who_tells_it() == addresses
        answer = signed_in_as(person).post(f"/en/posts/{post.pk}/unpublish/", {"why": "Too early."})
        assert answer["Location"] == f"/en/posts/{post.pk}/history/"
        assert who_tells_it() == []
        assert reader.get(f"/en/posts/{post.pk}/").status_code == 404

    def test_drafts_are_on_no_page_for_readers(self):
        actor, person = factories_posts.editor()
        post = draft(actor, person, title="Not told yet", in_county_feed=True)
        posts.schedule_post(post=post, version=1, at=NOW + timedelta(hours=1), by=person, now=NOW)
        for url in (
            "/en/places/se/mariestad/feed/",
            f"/en/networks/actors/{actor.slug}/feed/",
            f"/en/posts/{post.pk}/",
        ):
            assert "Not told yet" not in Client().get(url).text


class TestTools:
    def test_published_post_shows_its_tools_to_those_concerned_alone(self, cast):
        actor, person = factories_posts.editor()
        post = published(actor, person)
        url, edit, decide = (f"/en/posts/{post.pk}/", f"/en/posts/{post.pk}/edit/", f"/en/moderation/{post.pk}/")
        readers = {name: cast.client(name) for name in ("owner", "member", "outsider", "steward", "visitor")}
        readers["editor"] = signed_in_as(person)
        shown = {}
        for name, client in readers.items():
            text = client.get(url).text
            shown[name] = [way for way in (edit, decide) if way in text]
        assert shown == {
            "owner": [decide],
            "member": [],
            "outsider": [],
            "steward": [edit, decide],
            "visitor": [],
            "editor": [edit],
        }


class TestMyPosts:
    def test_tabs_sort_by_state(self):
        actor, person = factories_posts.editor()
        draft(actor, person, title="A draft")
        published(actor, person, title="A told one")
        client = signed_in_as(person)
        shown = {
            show: [
                title for title in ("A draft", "A told one") if title in client.get(f"/en/my/posts/?show={show}").text
            ]
            for show in ("drafts", "published", "unpublished", "nonsense")
        }
        assert shown == {
            "drafts": ["A draft"],
            "published": ["A told one"],
            "unpublished": [],
            "nonsense": ["A draft"],
        }

    def test_list_is_paged_and_asks_the_same_for_one_as_for_many(self):
        actor, person = factories_posts.editor()
        client = signed_in_as(person)

        def queries():
            with CaptureQueriesContext(connection) as captured:
                text = client.get("/en/my/posts/").text
            return len(captured), text

        draft(actor, person)
        one, _text = queries()
        for number in range(31):
            draft(actor, person, title=f"Draft {number:02}")
        many, text = queries()
        assert (many, one <= 12) == (one, True)
        assert ("Draft 30" in text, "Draft 00" in text) == (True, False)
        following = text.partition('rel="next" href="')[2].partition('"')[0]
        assert "Draft 00" in client.get(f"/en/my/posts/{following}").text

    def test_my_page_shows_drafts_and_where_to_write(self):
        actor, person = factories_posts.editor()
        draft(actor, person, title="A draft")
        text = signed_in_as(person).get("/en/my/").text
        assert all(words in text for words in ("A draft", "/en/write/", actor.name))
