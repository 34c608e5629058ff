"""Telling somebody: one row, in the reader's language, with what it tells of or not at all."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from samkraft.notices import operations, queries
from samkraft.notices.kinds import NoticeKind, register
from samkraft.notices.models import MailState, Notice, OutboxMessage, SuppressedAddress
from tests import factories
from tests.factories import NOW

NEWS = register(NoticeKind("test.news", "News of the test"))
CODE = register(NoticeKind("test.code", "Codes", critical=True, in_app=False))


def tell(to, **changes):
    said = {"kind": NEWS.key, "subject": "Something happened", "text": "It did.", "now": NOW}
    return operations.tell(to=to, **{**said, **changes})


def test_telling_a_user_writes_a_mail_and_a_notice(db, settings):
    reader = factories.user("eva@example.org", language="da")
    tell(reader, url=reverse_lazy("notices:mine"))
    mail = OutboxMessage.objects.get()
    assert (mail.to_user, mail.to_address, mail.language) == (reader, "eva@example.org", "da")
    assert (mail.state, mail.written_at, mail.due_at) == (MailState.WAITING, NOW, NOW)
    assert mail.url == f"{settings.SITE_URL}/da/my/notices/"
    notice = Notice.objects.get()
    assert (notice.user, notice.text, notice.url) == (reader, "Something happened", "/da/my/notices/")


def test_telling_an_address_writes_a_mail_only(db):
    tell("Eva@Example.org", language="nb")
    mail = OutboxMessage.objects.get()
    assert (mail.to_user, mail.to_address, mail.language) == (None, "eva@example.org", "nb")
    assert Notice.objects.count() == 0


def test_telling_is_in_the_readers_language_whatever_the_writers(db):
    # Django's own catalogue has these words in all four languages.
    tell(factories.user(language="sv"), subject=_("Monday"))
    tell(factories.user(language="da"), subject=_("Monday"))
    assert list(OutboxMessage.objects.order_by("pk").values_list("subject", flat=True)) == ["måndag", "mandag"]


def test_critical_kinds_have_no_notice_on_the_site(db):
    tell(factories.user(), kind=CODE.key)
    assert Notice.objects.count() == 0


def test_message_of_something_that_did_not_happen_is_not_sent(transactional_db):
    reader = factories.user()

    @transaction.atomic
    def go_wrong():
        tell(reader)
        raise RuntimeError("went wrong")

    with pytest.raises(RuntimeError, match="went wrong"):
        go_wrong()
    assert (OutboxMessage.objects.count(), Notice.objects.count()) == (0, 0)


def test_message_with_a_known_key_is_written_once(db):
    reader = factories.user()
    first = tell(reader, dedupe_key="meeting 4")
    assert tell(reader, dedupe_key="meeting 4") == first
    assert (OutboxMessage.objects.count(), Notice.objects.count()) == (1, 1)


def test_message_with_a_known_key_is_written_once_by_parallel_writers(at_once):
    reader = factories.user()
    results = at_once(lambda _place: tell(reader, dedupe_key="meeting 4").pk, 4)
    assert results == [OutboxMessage.objects.get().pk] * 4
    assert Notice.objects.count() == 1


def test_every_message_has_an_id_of_its_own(db):
    one, other = tell("a@example.org"), tell("a@example.org")
    assert one.message_id != other.message_id
    assert one.message_id.startswith("<") and one.message_id.endswith(">")


def test_subject_is_one_line(db):
    assert tell("a@example.org", subject="One\r\nBcc: everybody@example.org").subject == (
        "One Bcc: everybody@example.org"
    )


def test_kind_that_is_turned_off_is_on_the_site_but_not_mailed(db):
    reader = factories.user("eva@example.org")
    operations.choose_kinds(address=reader.email, wanted=[], now=NOW)
    tell(reader)
    assert OutboxMessage.objects.get().state == MailState.SUPPRESSED
    assert Notice.objects.count() == 1


def test_critical_kinds_cannot_be_turned_off(db):
    operations.choose_kinds(address="eva@example.org", wanted=[], now=NOW)
    operations.unsubscribe(address="eva@example.org", kind=CODE.key, now=NOW)
    assert tell("eva@example.org", kind=CODE.key).state == MailState.WAITING
    assert CODE.key not in queries.kinds_wanted("eva@example.org")


def test_choices_can_be_changed_back(db):
    operations.choose_kinds(address="Eva@example.org", wanted=[], now=NOW)
    assert queries.kinds_wanted("eva@example.org") == set()
    operations.choose_kinds(address="eva@example.org", wanted=[NEWS.key], now=NOW)
    assert queries.kinds_wanted("eva@example.org") == {NEWS.key}


def test_hard_bounce_suppresses_what_waits_and_what_comes(db):
    waiting = tell("eva@example.org")
    elsewhere = tell("nils@example.org")
    operations.record_hard_bounce(address="Eva@example.org", reason="550 no such user", now=NOW)
    operations.record_hard_bounce(address="eva@example.org", reason="again", now=NOW)
    waiting.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (waiting.state, elsewhere.state) == (MailState.SUPPRESSED, MailState.WAITING)
    assert tell("eva@example.org", kind=CODE.key).state == MailState.SUPPRESSED
    assert SuppressedAddress.objects.get().reason == "550 no such user"


def test_notices_are_marked_as_read_once(db):
    reader, other = factories.user(), factories.user()
    for person in (reader, reader, other):
        tell(person)
    assert queries.unread_count(reader) == 2
    first = Notice.objects.visible_to(reader).last()
    operations.mark_read(notice=first, now=NOW)
    operations.mark_read(notice=first, now=NOW + timedelta(days=1))
    first.refresh_from_db()
    assert first.read_at == NOW
    assert operations.mark_all_read(user=reader, now=NOW) == 1
    assert (queries.unread_count(reader), queries.unread_count(other)) == (0, 1)
