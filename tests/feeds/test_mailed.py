"""What is mailed in waits for a steward, whoever it says it is from."""

import time
from datetime import timedelta

import pytest

from samkraft.feeds import held
from samkraft.feeds.models import MailedPicture, MailedPost, MailedState, Post, PostState
from samkraft.feeds.operations import mailed, pictures
from samkraft.networks.models import NetworkState
from samkraft.notices.models import OutboxMessage
from samkraft.records.files import address_of
from samkraft.records.models import StoredFile
from samkraft.records.operations import IllegalMove
from samkraft.records.refusals import Refused
from tests import factories, factories_networks
from tests.factories import NOW
from tests.factories_posts import image, mail

DEEP = b"Content-Type: multipart/mixed; boundary=a\n\n"


def receive(message):
    raw = message if isinstance(message, bytes) else message.as_bytes()
    return mailed.receive(raw=raw, now=NOW)


def with_pictures(slug, number):
    message = mail(slug)
    for place in range(number):
        message.add_attachment(image().read(), maintype="image", subtype="jpeg", filename=f"p{place}.jpg")
    return message


@pytest.mark.django_db
class TestReceiving:
    def test_mail_waits_for_a_steward_who_is_told(self):
        steward, network = factories.steward(), factories_networks.network()
        outcome = receive(mail(network.slug))
        kept = MailedPost.objects.get()
        assert (outcome.exit_code, outcome.mailed) == (0, kept)
        assert (kept.network, kept.sender, kept.subject, kept.text, kept.state, kept.received_at) == (
            network,
            "ada@example.org",
            "Trees",
            "We plant trees.",
            MailedState.WAITING,
            NOW,
        )
        assert OutboxMessage.objects.get(kind="feeds.report").to_user == steward
        assert Post.objects.count() == 0

    def test_known_sender_is_noted_and_waits_all_the_same(self):
        network = factories_networks.network(contact_email="Contact@Example.org")
        convener = factories_networks.convener(network)
        speaker = factories_networks.speaker(factories_networks.admitted(network).actor)
        for sender in ("contact@example.org", convener.email.upper(), f"Bo <{speaker.email}>", "eve@example.org"):
            receive(mail(network.slug, sender=sender))
        found = MailedPost.objects.order_by("pk").values_list("sender_is_known", "state")
        assert list(found) == [(known, MailedState.WAITING) for known in (True, True, True, False)]

    @pytest.mark.parametrize("address", ["post+nowhere@127.0.0.1", "post@127.0.0.1", "post+{slug}@elsewhere.example"])
    def test_unknown_network_is_refused_with_an_exit_code(self, address):
        network = factories_networks.network()
        outcome = receive(mail("x", To=address.format(slug=network.slug)))
        assert (outcome.exit_code, outcome.sentence) == (67, "There is no network with this address.")

    def test_network_that_has_not_begun_is_unknown(self):
        network = factories_networks.network(state=NetworkState.DRAFT)
        assert receive(mail(network.slug)).exit_code == 67

    def test_address_is_taken_from_what_the_mail_server_notes(self):
        network = factories_networks.network()
        message = mail("x", To="Our friends <list@example.org>", Delivered_To=f"POST+{network.slug}@127.0.0.1")
        assert receive(message).mailed.network == network

    @pytest.mark.parametrize(
        "header",
        [
            {"Auto_Submitted": "auto-replied"},
            {"Auto_Submitted": "auto-generated; x=y"},
            {"Precedence": "bulk"},
            {"Precedence": "List"},
            {"List_Id": "<friends.example.org>"},
            {"Return_Path": "<>"},
            {"From": "Samkraft <noreply@samkraft.example>"},
        ],
        ids=str,
    )
    def test_automatic_mail_is_dropped_without_an_answer(self, header):
        network = factories_networks.network()
        outcome = receive(mail(network.slug, **header))
        assert (outcome.exit_code, outcome.mailed, MailedPost.objects.count()) == (0, None, 0)
        assert OutboxMessage.objects.count() == 0

    def test_same_mail_twice_is_kept_once(self):
        network = factories_networks.network()
        message = mail(network.slug)
        nameless = mail(network.slug)
        del nameless["Message-ID"]
        outcomes = [receive(each).exit_code for each in (message, message, nameless, nameless)]
        assert (outcomes, MailedPost.objects.count()) == ([0, 0, 0, 0], 2)

    def test_html_is_kept_as_its_words(self):
        network = factories_networks.network()
        message = mail(network.slug)
        message.set_content("<p>Trees</p><script>alert(1)</script><p><img src=x onerror=a()>Oaks</p>", subtype="html")
        assert receive(message).mailed.text == "Trees\n\nOaks"

    def test_at_most_five_pictures_are_kept_and_what_is_none_is_left_out(self):
        network = factories_networks.network()
        message = with_pictures(network.slug, 3)
        message.add_attachment(b"<svg onload='a()'/>", maintype="image", subtype="svg+xml", filename="logo.svg")
        message.add_attachment(b"no picture", maintype="image", subtype="png", filename="broken.png")
        assert receive(message).mailed.pictures.count() == 3
        assert receive(with_pictures(network.slug, 7)).mailed.pictures.count() == 5

    def test_mail_that_is_too_large_is_refused(self):
        outcome = receive(b"To: a@b\n\n" + b"x" * (25 * 1024 * 1024))
        assert (outcome.exit_code, outcome.sentence) == (65, "The mail is larger than 25 MB.")

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"\x00\xff\xfe" * 1000,
            b"From: \nTo: post+x@127.0.0.1\n\nhi",
            b"From: not an address\n\nhi",
            b"From: a@example.org\nTo: =?utf-8?q?=FF?= <post+x@127.0.0.1\nSubject: =?x?b?%%?=\n\nhi",
            b"Content-Type: multipart/mixed; boundary=a\n\n"
            + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 3000,
            b"Content-Type: text/plain; charset=no-such\nFrom: a@example.org\nTo: ,,;<>\n\n\xff",
        ],
        ids=range(7),
    )
    def test_nonsense_is_refused_and_breaks_nothing(self, raw):
        assert receive(raw).exit_code in {65, 67}
        assert MailedPost.objects.count() == 0

    @pytest.mark.parametrize(
        "raw",
        [
            b"From: a@example.org\nTo: " + b"<a@b>," * 200_000 + b"\n\nhi",
            b"From: a@example.org\nContent-Type: text/plain; " + b"a*0*=b;" * 200_000 + b"\n\nhi",
            b"From: a@example.org\nSubject: " + b"=?utf-8?q?a?= " * 200_000 + b"\n\nhi",
            b"From: a@example.org\n\n" + b"\n" * 20_000_000,
            b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(300))
            + b"x\n" * 900_000,
        ],
        ids=["to", "parameters", "subject", "lines", "depth"],
    )
    def test_mail_that_is_made_to_take_long_is_refused_at_once(self, raw):
        began = time.monotonic()
        assert receive(raw).exit_code == 65
        assert time.monotonic() - began < 2

    def test_odd_signs_are_left_out(self):
        network = factories_networks.network()
        raw = (
            mail(network.slug).as_bytes().replace(b"We plant", b"We\x00 \x07plant").replace(b": Trees", b": Tr\x08ees")
        )
        kept = receive(raw).mailed
        assert (kept.subject, kept.text) == ("Trees", "We plant trees.")

    def test_unknown_letters_are_read_as_far_as_they_go(self):
        network = factories_networks.network()
        raw = mail(network.slug).as_bytes().replace(b'charset="utf-8"', b'charset="no-such"')
        assert receive(raw).mailed.text == "We plant trees."

    def test_mail_without_words_and_pictures_is_refused(self):
        network = factories_networks.network()
        assert receive(mail(network.slug, text=" ")).exit_code == 65

    def test_hundred_that_wait_are_enough(self):
        network = factories_networks.network()
        MailedPost.objects.bulk_create(
            MailedPost(
                network=network,
                message_id=f"<{number}>",
                sender="a@example.org",
                sender_is_known=False,
                subject="",
                text="x",
                received_at=NOW,
            )
            for number in range(100)
        )
        assert receive(mail(network.slug)).exit_code == 75


@pytest.mark.django_db
class TestHandling:
    def test_steward_makes_a_draft_by_the_network(self):
        steward, network = factories.steward(), factories_networks.network()
        waiting = receive(mail(network.slug, text="One.\n\nTwo.")).mailed
        post = mailed.make_draft(mailed=waiting, by=steward, now=NOW)
        assert (post.by_network, post.state, post.title, post.text) == (
            network,
            PostState.DRAFT,
            "Trees",
            "<p>One.</p><p>Two.</p>",
        )
        assert (waiting.state, waiting.post) == (MailedState.TAKEN, post)

    def test_nobody_but_a_steward_decides(self):
        network = factories_networks.network()
        waiting = receive(mail(network.slug)).mailed
        with pytest.raises(IllegalMove):
            mailed.make_draft(mailed=waiting, by=factories_networks.convener(network), now=NOW)
        assert Post.objects.count() == 0

    def test_pictures_are_used_when_they_are_described(self):
        steward, network = factories.steward(), factories_networks.network()
        waiting = receive(with_pictures(network.slug, 2)).mailed
        post = mailed.make_draft(mailed=waiting, by=steward, now=NOW)
        first = waiting.pictures.first()
        words = {"alt": "A tree", "photographer": "Ada"}
        with pytest.raises(Refused):
            pictures.take_mailed_picture(picture=first, **words, has_permission=False, by=steward, now=NOW)
        pictures.take_mailed_picture(picture=first, **words, has_permission=True, by=steward, now=NOW)
        used = post.pictures.get()
        assert (used.file.purpose, used.alt, MailedPicture.objects.count()) == ("feeds.picture", "A tree", 1)
        with pytest.raises(Refused, match="already been used"):
            pictures.take_mailed_picture(picture=first, **words, has_permission=True, by=steward, now=NOW)

    def test_rejected_mail_loses_its_pictures_and_only_a_known_sender_is_answered(self):
        steward, network = factories.steward(), factories_networks.network()
        convener = factories_networks.convener(network)
        known, unknown = (
            receive(with_pictures(network.slug, 1)).mailed,
            receive(mail(network.slug, sender=convener.email)).mailed,
        )
        for waiting in (known, unknown):
            mailed.reject(mailed=waiting, why="It is an advertisement.", by=steward, now=NOW)
        answered = OutboxMessage.objects.filter(kind="feeds.moderation")
        assert [message.to_user for message in answered] == [convener]
        assert "It is an advertisement." in answered[0].text
        assert StoredFile.objects.count() == 0

    def test_mailed_pictures_are_read_by_stewards_alone_until_they_are_a_draft(self, cast):
        network = factories_networks.network()
        waiting = receive(with_pictures(network.slug, 1)).mailed
        url = address_of(waiting.pictures.get().file)
        expected = dict.fromkeys(("owner", "member", "outsider", "visitor"), 404)
        assert cast.statuses(url) == {**expected, "steward": 200}

    def test_queue_opens_for_stewards_alone(self, cast):
        network = factories_networks.network()
        waiting = receive(mail(network.slug)).mailed
        for url in ("/en/moderation/mailed/", f"/en/moderation/mailed/{waiting.pk}/"):
            assert cast.statuses(url) == {"owner": 404, "member": 404, "outsider": 404, "steward": 200, "visitor": 302}

    def test_mail_becomes_a_draft_and_another_is_put_away_by_the_page(self, cast, django_assert_max_num_queries):
        network = factories_networks.network()
        first, second = receive(with_pictures(network.slug, 1)).mailed, receive(mail(network.slug)).mailed
        client = cast.client("steward")
        with django_assert_max_num_queries(12):
            assert client.get("/en/moderation/mailed/").text.count('<h2 class="ds-heading" data-size="2xs">') == 2
        answer = client.post(f"/en/moderation/mailed/{first.pk}/", {"step": "draft"})
        post = Post.objects.get()
        assert answer["Location"] == f"/en/posts/{post.pk}/edit/"
        assert client.get(answer["Location"]).status_code == 200
        page = client.get(f"/en/posts/{post.pk}/pictures/").text
        use = f"/en/posts/{post.pk}/mailed-pictures/{MailedPicture.objects.get().pk}/"
        assert use in page
        client.post(use, {"alt": "A tree", "photographer": "Ada", "has_permission": "on"})
        assert post.pictures.count() == 1
        assert "ds-validation-message" in client.post(f"/en/moderation/mailed/{second.pk}/", {"step": "reject"}).text
        client.post(f"/en/moderation/mailed/{second.pk}/", {"step": "reject", "why": "Spam."})
        second.refresh_from_db()
        assert second.state == MailedState.REJECTED
        assert "Spam." in client.get(f"/en/moderation/mailed/{second.pk}/").text


@pytest.mark.django_db
class TestForgetting:
    def test_settled_mails_are_erased_after_a_while_and_their_posts_stay(self):
        steward, network = factories.steward(), factories_networks.network()
        used, unused, waiting = (receive(with_pictures(network.slug, 1)).mailed for _ in range(3))
        post = mailed.make_draft(mailed=used, by=steward, now=NOW)
        mailed.reject(mailed=unused, why="No.", by=steward, now=NOW)
        assert mailed.forget_mailed(now=NOW + timedelta(days=90)) == 0
        assert mailed.forget_mailed(now=NOW + timedelta(days=91)) == 2
        assert (MailedPost.objects.get(), Post.objects.get()) == (waiting, post)
        assert StoredFile.objects.get() == waiting.pictures.get().file

    def test_what_a_person_mailed_is_told_to_them_and_goes_when_they_leave(self):
        person, network = factories.user("ada@example.org"), factories_networks.network()
        receive(mail(network.slug))
        assert [found["subject"] for found in held.mailed_posts(person)] == ["Trees"]
        held.leave_mailed(user=person, addresses={person.email}, pseudonym="closed-1@account.invalid", now=NOW)
        assert MailedPost.objects.get().sender == "closed-1@account.invalid"


class TestAtOnce:
    def test_same_mail_at_once_is_kept_once(self, at_once):
        network = factories_networks.network()
        raw = mail(network.slug).as_bytes()
        outcomes = at_once(lambda place: receive(raw), 3)
        assert [outcome.exit_code for outcome in outcomes] == [0, 0, 0]
        assert MailedPost.objects.count() == 1

    def test_of_two_stewards_at_once_one_makes_the_draft(self, at_once):
        network, stewards = factories_networks.network(), [factories.steward(), factories.steward()]
        waiting = receive(mail(network.slug)).mailed
        results = at_once(
            lambda place: mailed.make_draft(
                mailed=MailedPost.objects.select_related("network").get(pk=waiting.pk), by=stewards[place], now=NOW
            ),
            2,
        )
        assert sorted(type(result).__name__ for result in results) == ["IllegalMove", "Post"]
        assert Post.objects.count() == 1
