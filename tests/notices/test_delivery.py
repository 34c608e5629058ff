"""The worker's side: every message goes out once, later when it must, and never to who refuses it."""

import os
import signal
import smtplib
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.db import connection

from samkraft.notices import delivery, kinds, mails, operations
from samkraft.notices.delivery import claim_next, deliver_waiting
from samkraft.notices.models import MailState, OutboxMessage, SuppressedAddress
from tests.factories import NOW

NEWS = kinds.register(kinds.NoticeKind("test.news", "News of the test"))
CODE = kinds.register(kinds.NoticeKind("test.code", "Codes", critical=True, in_app=False))


def write(to="eva@example.org", **changes):
    said = {"kind": NEWS.key, "subject": "Something happened", "text": "It did.", "now": NOW}
    return operations.tell(to=to, **{**said, **changes})


class Post:
    """A post office that notes what it is given, or refuses it."""

    def __init__(self, error=None):
        self.sent = []
        self.error = error

    def __call__(self, message):
        if self.error is not None:
            raise self.error
        self.sent.append(message.pk)


def states():
    return list(OutboxMessage.objects.order_by("pk").values_list("state", flat=True))


def test_waiting_messages_are_sent_once_the_oldest_first(db):
    written = [write().pk for _ in range(3)]
    post = Post()
    assert deliver_waiting(now=NOW, send=post) == 3
    assert deliver_waiting(now=NOW, send=post) == 0
    assert post.sent == written
    assert OutboxMessage.objects.filter(state=MailState.SENT, attempts=1, claim=None).count() == 3


def test_delivery_sends_no_more_than_its_limit(db):
    for _ in range(3):
        write()
    assert deliver_waiting(now=NOW, limit=2, send=Post()) == 2
    assert sorted(states()) == ["sent", "sent", "waiting"]


def test_message_is_sent_once_though_the_worker_died_between_claim_and_sending(db):
    message = write()
    claimed = claim_next(now=NOW)
    assert claimed.pk == message.pk
    # The worker is gone. For ten minutes the claim stands, then another worker takes the message up.
    post = Post()
    assert deliver_waiting(now=NOW + timedelta(minutes=9), send=post) == 0
    assert deliver_waiting(now=NOW + timedelta(minutes=11), send=post) == 1
    assert deliver_waiting(now=NOW + timedelta(minutes=22), send=post) == 0
    assert post.sent == [message.pk]


def test_worker_that_comes_late_does_not_undo_what_another_has_noted(db):
    write()
    slow = claim_next(now=NOW)
    deliver_waiting(now=NOW + timedelta(minutes=11), send=Post())
    delivery._deliver(slow, NOW + timedelta(minutes=12), Post(OSError("connection lost")))
    assert states() == ["sent"]


WORKER = """
import os, sys, time
import django
django.setup()
from datetime import UTC, datetime
from samkraft.notices.delivery import deliver_waiting

def hang(message):
    print("claimed", flush=True)
    time.sleep(60)

deliver_waiting(now=datetime.fromisoformat(sys.argv[1]), send=hang)
"""


def test_message_is_sent_once_though_the_worker_was_killed(transactional_db):
    message = write()
    database = connection.settings_dict
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        "DATABASE_URL": database_url(database),
        "SAMKRAFT_VAR": str(django_settings.VAR),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, NOW.isoformat()], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert worker.stdout.readline() == "claimed\n"
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=10)
        worker.stdout.close()
    message.refresh_from_db()
    assert message.state == MailState.SENDING
    post = Post()
    assert deliver_waiting(now=NOW + timedelta(minutes=11), send=post) == 1
    assert deliver_waiting(now=NOW + timedelta(minutes=30), send=post) == 0
    assert post.sent == [message.pk]


def database_url(database):
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    account = database["USER"] + (f":{database['PASSWORD']}" if database["PASSWORD"] else "")
    port = f":{database['PORT']}" if database["PORT"] else ""
    host = str(database["HOST"]).replace("/", "%2F")
    return f"postgres://{account}@{host}{port}/{database['NAME']}"


def test_workers_in_parallel_send_each_message_once(at_once):
    written = [write().pk for _ in range(20)]
    post = Post()

    def work(_place):
        def send(message):
            time.sleep(0.005)
            post(message)

        return deliver_waiting(now=NOW, send=send)

    results = at_once(work, 4)
    assert sum(results) == 20
    assert sorted(post.sent) == written


def test_failed_message_is_tried_again_after_longer_and_longer_waits(db):
    message = write()
    moment, waits = NOW, []
    for _ in range(7):
        assert deliver_waiting(now=moment, send=Post(OSError("no answer"))) == 0
        message.refresh_from_db()
        assert message.state == MailState.WAITING
        waits.append(round((message.due_at - moment) / timedelta(minutes=1)))
        moment = message.due_at
    assert waits == [2, 4, 8, 16, 32, 64, 128]
    deliver_waiting(now=moment, send=Post(OSError("no answer")))
    message.refresh_from_db()
    assert (message.state, message.attempts, message.problem) == (MailState.FAILED, 8, "OSError: no answer")
    assert deliver_waiting(now=moment + timedelta(days=9), send=Post()) == 0


def test_failed_message_is_sent_when_the_server_is_back(db):
    write()
    deliver_waiting(now=NOW, send=Post(OSError("no answer")))
    assert deliver_waiting(now=NOW + timedelta(minutes=1), send=Post()) == 0
    assert deliver_waiting(now=NOW + timedelta(minutes=3), send=Post()) == 1


def test_message_that_kills_every_worker_is_given_up(db):
    message = write()
    OutboxMessage.objects.update(attempts=8)
    post = Post()
    assert deliver_waiting(now=NOW, send=post) == 0
    message.refresh_from_db()
    assert (message.state, post.sent) == (MailState.FAILED, [])


def test_one_message_that_fails_does_not_hold_up_the_others(db):
    refused, fine = write(), write("nils@example.org")

    def send(message):
        if message.pk == refused.pk:
            raise OSError("no answer")

    assert deliver_waiting(now=NOW, send=send) == 1
    fine.refresh_from_db()
    assert fine.state == MailState.SENT


def test_hard_bounce_suppresses_the_address(db):
    message, later = write(), write()
    post = Post(mails.HardBounce("550 no such user"))
    assert deliver_waiting(now=NOW, send=post) == 0
    for row in (message, later):
        row.refresh_from_db()
    assert (message.state, message.problem) == (MailState.SUPPRESSED, "550 no such user")
    assert (later.state, later.attempts) == (MailState.SUPPRESSED, 0)
    assert SuppressedAddress.objects.get().address == "eva@example.org"
    assert write().state == MailState.SUPPRESSED


@pytest.mark.parametrize(
    ("code", "expected"), [(550, mails.HardBounce), (553, mails.HardBounce), (450, smtplib.SMTPRecipientsRefused)]
)
def test_answer_of_the_mail_server_tells_hard_from_soft(db, monkeypatch, code, expected):
    message = write()

    def refuse(_mail, fail_silently=False):
        raise smtplib.SMTPRecipientsRefused({message.to_address: (code, b"no such user")})

    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", refuse)
    with pytest.raises(expected):
        mails.send_by_smtp(message)


def test_message_that_comes_too_late_is_not_sent(db):
    message = write(kind=CODE.key, useful_until=NOW + timedelta(minutes=15))
    post = Post()
    assert deliver_waiting(now=NOW + timedelta(minutes=16), send=post) == 0
    message.refresh_from_db()
    assert (message.state, message.text, post.sent) == (MailState.FAILED, "", [])


def test_secret_is_erased_once_sent_where_mails_are_sent(db, settings):
    settings.MAIL_DELIVERY = "smtp"
    code, news = write(kind=CODE.key, text="123456"), write()
    deliver_waiting(now=NOW, send=Post())
    for row in (code, news):
        row.refresh_from_db()
    assert (code.text, news.text) == ("", "It did.")


def test_demo_keeps_mails_and_sends_none(db, settings):
    settings.MAIL_DELIVERY = "keep"
    write(kind=CODE.key, text="123456")
    assert deliver_waiting(now=NOW) == 1
    assert mail.outbox == []
    assert OutboxMessage.objects.get().text == "123456"


def test_mail_has_its_headers_and_both_bodies(db, settings):
    settings.MAIL_DELIVERY = "smtp"
    message = write(text="First.\n\nSecond <b>.", url="/sv/places/")
    assert deliver_waiting(now=NOW) == 1
    sent = mail.outbox[0]
    assert (sent.to, sent.subject) == (["eva@example.org"], "Something happened")
    assert sent.extra_headers["Message-ID"] == message.message_id
    stop = sent.extra_headers["List-Unsubscribe"]
    assert stop.startswith(f"<{settings.SITE_URL}/sv/unsubscribe/") and stop.endswith("/>")
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"{settings.SITE_URL}/sv/places/" in sent.body
    html = sent.alternatives[0][0]
    assert "Second &lt;b&gt;." in html and stop.strip("<>") in html


def test_mail_of_a_critical_kind_cannot_be_unsubscribed(db):
    assert "List-Unsubscribe" not in mails.composed(write(kind=CODE.key)).extra_headers


def test_mails_are_forgotten_when_long_settled(db):
    old = NOW - timedelta(days=91)
    write(now=old)
    deliver_waiting(now=old, send=Post())
    write(now=old)
    write()
    assert delivery.forget_mails(now=NOW) == 1
    assert states() == ["waiting", "waiting"]
