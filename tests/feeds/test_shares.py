"""A link's title is fetched safely; what it says is text, and what cannot be fetched is told kindly."""

import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from samkraft.feeds.operations.shares import Preview, look_at, read_preview
from samkraft.records.fetch import CannotFetch, fetch

PAGE = """<!doctype html><html><head><title>Plain title</title>
<meta property="og:title" content="Trees &amp; more"><meta property="og:site_name" content="The Paper">
<meta property="og:description" content="We plant.\n  A lot."></head><body><title>no</title></body></html>"""


def test_open_graph_comes_before_the_title():
    assert read_preview(PAGE, "https://paper.example/a") == Preview("Trees & more", "The Paper", "We plant. A lot.")


def test_page_without_open_graph_tells_its_title_and_host():
    html = "<title> Old\n page </title><meta name=description content='About us'>"
    assert read_preview(html, "https://www.paper.example/a") == Preview("Old page", "paper.example", "About us")


def test_page_that_says_nothing_gives_its_host_alone():
    assert read_preview("", "https://paper.example/a") == Preview("", "paper.example", "")


@pytest.mark.parametrize(
    "title",
    [
        "<script>alert(1)</script>",
        "\u202emoc.live",
        "a\x00b",
        "x" * 100_000,
        "<![CDATA[<b>",
        "&#x3c;img src=x onerror=alert(1)&#x3e;",
    ],
)
def test_title_is_one_line_of_text_whatever_it_holds(title):
    found = read_preview(f"<title>{title}</title>", "https://paper.example/").title
    assert len(found) <= 160
    assert not any(sign in found for sign in "\x00\n\u202e")


def test_broken_html_is_read_as_far_as_it_goes():
    assert read_preview("<html><title>A<meta property=og:title content=B", "https://p.example/").site == "p.example"


class _Site(BaseHTTPRequestHandler):
    answers = {
        "/latin": ("text/html; charset=iso-8859-1", "<title>Åre</title>".encode("latin-1")),
        "/meta": ("text/html", '<meta charset="windows-1252"><title>Åre – ås</title>'.encode("cp1252")),
        "/odd": ("text/html; charset=no-such", "<title>Åre</title>".encode()),
        "/pdf": ("application/pdf", b"%PDF-1.7"),
        "/large": ("text/html", b"<title>a</title>" + b" " * 2_000_001),
    }

    def do_GET(self):
        kind, content = self.answers[self.path]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def site():
    """A site of this machine, which only a test may fetch from."""
    server = HTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_title_is_read_in_the_pages_own_letters(site):
    allowing = partial(fetch, may_connect=lambda address: True)
    found = {path: look_at(site + path, fetch=allowing).title for path in ("/latin", "/meta", "/odd")}
    assert found == {"/latin": "Åre", "/meta": "Åre – ås", "/odd": "Åre"}


@pytest.mark.parametrize("path", ["/pdf", "/large"])
def test_what_is_no_page_or_too_large_is_told(site, path):
    with pytest.raises(CannotFetch):
        look_at(site + path, fetch=partial(fetch, may_connect=lambda address: True))


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,<title>a</title>",
        "file:///etc/passwd",
        "ftp://example.org/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://[64:ff9b::7f00:1]/",
        "http://10.0.0.1/",
        "http://me:secret@93.184.216.34/",
    ],
)
def test_closed_addresses_are_not_asked(url):
    with pytest.raises(CannotFetch):
        look_at(url)
