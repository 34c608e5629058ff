"""A mailing that one follows: a body of its own, and a link that stops it alone."""

from samkraft.notices import mails, operations
from samkraft.notices.delivery import deliver_waiting
from samkraft.notices.kinds import NoticeKind, register
from tests.factories import NOW

MAILING = register(NoticeKind("test.mailing", "A mailing of the test", in_app=False))


def tell(**changes):
    said = {"to": "eva@example.org", "kind": MAILING.key, "subject": "News", "text": "Words.", "now": NOW}
    return operations.tell(**{**said, **changes})


def test_mailing_is_stopped_by_its_own_link(db, settings):
    mail = mails.composed(tell(unsubscribe_url="/en/following/abc/stop/"))
    stop = f"{settings.SITE_URL}/en/following/abc/stop/"
    assert mail.extra_headers["List-Unsubscribe"] == f"<{stop}>"
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop in mail.body


def test_mail_without_a_link_of_its_own_stops_its_kind(db):
    mail = mails.composed(tell())
    assert "/unsubscribe/" in mail.extra_headers["List-Unsubscribe"]


def test_mailing_shows_its_own_html_and_others_their_text(db):
    own = mails.composed(tell(html="<h1>Own &amp; whole</h1>")).alternatives[0].content
    other = mails.composed(tell(text="1 < 2")).alternatives[0].content
    assert "<h1>Own &amp; whole</h1>" in own
    assert "<p>1 &lt; 2</p>" in other


def test_html_is_not_kept_once_the_mail_is_sent(db, settings):
    settings.MAIL_DELIVERY = "smtp"
    message = tell(html="<h1>Long</h1>")
    deliver_waiting(now=NOW, send=lambda message: None)
    message.refresh_from_db()
    assert (message.text, message.html) == ("Words.", "")
