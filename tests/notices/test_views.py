"""Notices' pages: who may see them, what they do, and how much they ask of the database."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from samkraft.notices import kinds, mails, operations, queries
from samkraft.notices.models import MailChoice, Notice, OutboxMessage
from samkraft.ui import panels
from tests.factories import NOW

NEWS = kinds.register(kinds.NoticeKind("test.news", "News of the test"))

ONLY_ACCOUNTS = {"owner": 200, "member": 200, "outsider": 200, "steward": 200, "visitor": 302}
ONLY_STEWARDS = {"owner": 404, "member": 404, "outsider": 404, "steward": 200, "visitor": 302}


def tell(to, **changes):
    said = {"kind": NEWS.key, "subject": "Something happened", "text": "It did.", "now": NOW}
    return operations.tell(to=to, **{**said, **changes})


@pytest.mark.parametrize("name", ["notices:mine", "notices:choices"])
def test_own_pages_are_for_accounts(cast, name):
    assert cast.statuses(reverse(name)) == ONLY_ACCOUNTS


def test_kept_mails_are_for_stewards(cast):
    message = tell(cast.owner)
    assert cast.statuses(reverse("notices:kept_mails")) == ONLY_STEWARDS
    assert cast.statuses(reverse("notices:kept_mail", args=[message.pk])) == ONLY_STEWARDS


def test_kept_mails_are_not_there_where_mails_are_sent(cast, settings):
    message = tell(cast.owner)
    settings.MAIL_DELIVERY = "smtp"
    client = cast.client("steward")
    assert client.get(reverse("notices:kept_mails")).status_code == 404
    assert client.get(reverse("notices:kept_mail", args=[message.pk])).status_code == 404


def test_kept_mails_are_found_by_a_part_of_the_address(cast):
    tell(cast.owner, subject="For the owner")
    for number in range(31):
        tell(cast.outsider, subject=f"Notice {number} here")
    client, url = cast.client("steward"), reverse("notices:kept_mails")
    assert "For the owner" not in client.get(url).text
    found = client.get(url, {"to": f" {cast.owner.email.upper()} "}).text
    assert ("For the owner" in found, "Notice 30 here" in found) == (True, False)
    first = client.get(url, {"to": cast.outsider.email}).text
    older = re.search(r'rel="next" href="([^"]+)"', first).group(1).replace("&amp;", "&")
    rest = client.get(url + older).text
    assert ("Notice 0 here" in rest, "For the owner" in rest) == (True, False)


@pytest.mark.parametrize("to", ["nobody@example.org", "%", "'\" OR 1=1", "a\0b", "x" * 9999])
def test_kept_mails_to_nobody_say_what_to_do(cast, to):
    tell(cast.owner)
    page = cast.client("steward").get(reverse("notices:kept_mails"), {"to": to})
    assert (page.status_code, "No e-mail to such an address" in page.text) == (200, True)


def test_kept_mail_shows_what_would_be_sent(cast):
    message = tell(cast.owner, text="Come at <six>.")
    page = cast.client("steward").get(reverse("notices:kept_mail", args=[message.pk]))
    assert "Come at &lt;six&gt;." in page.text
    assert message.message_id.strip("<>") in page.text


def test_notices_are_listed_to_their_reader(cast):
    tell(cast.owner, subject="For the owner")
    tell(cast.outsider, subject="For the outsider")
    text = cast.client("owner").get(reverse("notices:mine")).text
    assert ("For the owner" in text, "For the outsider" in text) == (True, False)


def test_notices_are_paged_by_key(cast):
    for number in range(31):
        tell(cast.owner, subject=f"Notice {number} here")
    client = cast.client("owner")
    first = client.get(reverse("notices:mine"))
    assert ("Notice 30 here" in first.text, "Notice 0 here" in first.text) == (True, False)
    older = re.search(r'rel="next" href="([^"]+)"', first.text).group(1)
    assert "Notice 0 here" in client.get(reverse("notices:mine") + older).text
    assert client.get(reverse("notices:mine") + "?before=nonsense").status_code == 200


def test_notice_is_read_and_leads_on(cast):
    tell(cast.owner, url="/en/my/account/")
    notice = Notice.objects.get()
    url = reverse("notices:read", args=[notice.pk])
    assert cast.client("outsider").post(url).status_code == 404
    assert cast.client("owner").get(url).status_code == 405
    answer = cast.client("owner").post(url)
    assert (answer.status_code, answer["Location"]) == (302, "/en/my/account/")
    assert queries.unread_count(cast.owner) == 0


def test_all_notices_are_read_at_once(cast):
    for _ in range(3):
        tell(cast.owner)
    cast.client("owner").post(reverse("notices:read_all"))
    assert queries.unread_count(cast.owner) == 0


def test_choices_are_kept(cast):
    client = cast.client("owner")
    client.post(reverse("notices:choices"), {"wanted": [NEWS.key]})
    assert queries.kinds_wanted(cast.owner.email) == {NEWS.key}
    client.post(reverse("notices:choices"), {})
    assert queries.kinds_wanted(cast.owner.email) == set()


def stop_address(message):
    return mails.unsubscribe_url(message.to_address, message.kind).removeprefix(settings.SITE_URL)


def test_unsubscribing_by_one_click_works_without_sign_in(db):
    message = tell("eva@example.org")
    client = Client(enforce_csrf_checks=True)
    answer = client.post(stop_address(message), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert queries.reason_not_to_mail("eva@example.org", NEWS.key) != ""


def test_unsubscribing_asks_before_it_does(db):
    message = tell("eva@example.org")
    page = Client().get(stop_address(message))
    assert (page.status_code, MailChoice.objects.count()) == (200, 0)
    assert "News of the test" in page.text
    assert list(page.cookies) == []


def test_unsubscribing_twice_is_no_fault(db):
    url = stop_address(tell("eva@example.org"))
    assert [Client().post(url).status_code for _ in range(2)] == [200, 200]
    assert MailChoice.objects.count() == 1


def test_unsubscribing_with_a_changed_link_is_refused(db):
    url = stop_address(tell("eva@example.org"))
    assert Client().post(url[:-5] + "xxxx/").status_code == 404
    assert MailChoice.objects.count() == 0


@pytest.mark.parametrize(("name", "reader"), [("notices:mine", "owner"), ("notices:kept_mails", "steward")])
def test_lists_ask_the_same_of_the_database_with_one_row_and_three(cast, name, reader, django_assert_max_num_queries):
    client, url = cast.client(reader), reverse(name)
    counts = []
    for rows in (1, 3):
        while OutboxMessage.objects.count() < rows:
            tell(getattr(cast, reader))
        client.get(url)
        with django_assert_max_num_queries(12) as queries_made:
            client.get(url)
        counts.append(len(queries_made))
    assert counts[0] == counts[1]


def test_unread_count_stands_in_the_header_of_signed_in_readers_only(cast):
    tell(cast.owner)
    url = reverse("notices:mine")
    request = cast.client("owner").get(url).wsgi_request
    assert "1 " in panels.render_slot("header.tools", request)
    visitor = cast.client("visitor").get(reverse("people:received")).wsgi_request
    assert str(panels.render_slot("header.tools", visitor)).strip() == ""


def test_kind_of_notice_is_declared_once():
    with pytest.raises(ValueError, match="already declared"):
        kinds.register(kinds.NoticeKind("test.news", "Something else"))
