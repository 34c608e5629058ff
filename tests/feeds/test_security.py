"""What strangers send to make the site work for them: pages, feeds and mails that are made to take long."""

import time
from collections.abc import Iterator

import pytest

from samkraft.feeds.operations import inflow_parsing, mailed_parsing
from samkraft.feeds.operations.inflow_parsing import NotAFeed
from samkraft.feeds.operations.mailed_parsing import CannotRead
from samkraft.feeds.operations.shares import look_at, read_preview
from samkraft.feeds.views.syndication_documents import calendar
from samkraft.records.fetch import Fetched
from tests import factories_reading

# Python's own reader of this encoding takes hours for a megabyte.
SLOW = b"a" * 200_000 + b"-" + b"a" * 800_000
HEADERS = b"From: ada@example.org\r\nTo: post+trees@127.0.0.1\r\nSubject: Trees\r\n"


@pytest.fixture(autouse=True)
def _soon() -> Iterator[None]:
    """None of it takes longer than somebody waits, also on a machine that has much to do."""
    began = time.process_time()
    yield
    assert time.process_time() - began < 5


def page(content: bytes, content_type: str) -> Fetched:
    return Fetched(url="https://page.example/", content=content, content_type=content_type)


@pytest.mark.parametrize("charset", ["punycode", "idna", "hex", "undefined", "no-such", "unicode_escape"])
def test_page_in_an_encoding_that_no_page_has_is_read_as_utf_8(charset):
    content = "<title>Träd</title>".encode() + SLOW
    preview = look_at(
        "https://page.example/", fetch=lambda url, **limits: page(content, f"text/html; charset={charset}")
    )
    assert preview.title == "Träd"


@pytest.mark.parametrize(("charset", "title"), [("windows-1252", "Träd"), ("ISO-8859-1", "Träd"), ("Shift_JIS", "木")])
def test_page_in_an_encoding_of_the_web_is_read_in_it(charset, title):
    content = f"<title>{title}</title>".encode(charset)
    preview = look_at(
        "https://page.example/", fetch=lambda url, **limits: page(content, f"text/html; charset={charset}")
    )
    assert preview.title == title


@pytest.mark.parametrize("markup", ["<![", "<![<", "<!", "</", "<?", "<!--", "<"])
def test_markup_that_is_no_markup_leaves_what_was_read_before(markup):
    assert read_preview("<title>Trees</title>" + markup * 20_000, "https://page.example/").title == "Trees"


@pytest.mark.parametrize("content_type", [b"text/plain; charset=punycode", b"text/html; charset=punycode"])
def test_mail_in_an_encoding_that_no_mail_has_is_read_at_once(content_type):
    mail = mailed_parsing.read(HEADERS + b"Content-Type: " + content_type + b"\r\n\r\n" + SLOW)
    assert mail.text.startswith("aaa")


@pytest.mark.parametrize(
    "header",
    [
        b"Cc: " + b"a." * 9000,
        b"Cc: " + b'"' * 9001,
        b"\r\n".join([b"Cc: " + b"ada@example.org, " * 200] * 20),
        b"Message-ID: <" + b"a." * 9000 + b"@x>",
        b"Content-Type: text/plain; " + b"a=1; " * 3900,
        b"Content-Type: text/plain; a=" + b'"' * 18_001,
        b"\r\n".join([b"X-Filler: " + b"a" * 15_000] * 5),
    ],
)
def test_mail_whose_headers_take_long_to_take_apart_is_refused(header):
    with pytest.raises(CannotRead):
        mailed_parsing.read(HEADERS + header + b"\r\n\r\nWe plant trees.")


def test_mail_to_many_people_is_read():
    copies = b"Cc: " + b", ".join(b"person%d@example.org" % number for number in range(100))
    assert mailed_parsing.read(HEADERS + copies + b"\r\n\r\nWe plant trees.").text == "We plant trees."


def rss(inside: bytes) -> bytes:
    return b"<rss version='2.0'><channel><title>Trees</title><item>" + inside + b"</item></channel></rss>"


@pytest.mark.parametrize(
    "inside",
    [
        b"<author>" + b"a." * 900_000 + b"</author>",
        b"<managingEditor>" + b"<b>" + b"a." * 2000 + b"</b></managingEditor>",
        b"<x " + b" ".join(b"a%d='1'" % number for number in range(100_000)) + b"/>",
    ],
)
def test_feed_that_is_made_to_take_long_is_refused(inside):
    with pytest.raises(NotAFeed):
        inflow_parsing.read(rss(b"<link>https://a.example/</link>" + inside))


def test_feed_with_long_texts_and_ordinary_people_is_read():
    inside = b"<link>https://a.example/</link><title>A tree</title><author>ada@example.org (Ada)</author>"
    read = inflow_parsing.read(rss(inside + b"<description>" + b"word " * 20_000 + b"</description>"))
    assert [item.title for item in read.items] == ["A tree"]


@pytest.mark.parametrize("sign", ["\r", "\n", "\r\n", "\u2028", "\x85"])
def test_calendar_has_no_line_that_a_name_or_a_place_smuggled_in(db, sign):
    name = f"Trees{sign}ATTENDEE:mailto:eve@example.org"
    event = factories_reading.event(title=name, event_place=name, text=f"<p>{name}</p>")
    document = calendar(name, [event]).decode()
    assert not any(line.startswith("ATTENDEE") for line in document.split("\r\n"))
    assert "\r" not in document.replace("\r\n", "")
    assert "\n" not in document.replace("\r\n", "")
    assert "SUMMARY:Trees ATTENDEE:mailto:eve@example.org" in document
