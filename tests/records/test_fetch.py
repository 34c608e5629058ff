"""Fetching what a person typed: the open web only, within limits, with one sentence when it fails."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from samkraft.records.fetch import CannotFetch, fetch, is_public


class Site(BaseHTTPRequestHandler):
    """A small web site that answers by path."""

    def do_GET(self):
        path = self.path
        if path == "/page":
            self.answer(200, b"Hello", {"Content-Type": "text/plain"})
        elif path.startswith("/again/"):
            left = int(path.rpartition("/")[2])
            self.answer(302, b"", {"Location": f"/again/{left - 1}" if left else "/page"})
        elif path == "/inside":
            self.answer(302, b"", {"Location": "http://localhost/secret"})
        elif path == "/file":
            self.answer(302, b"", {"Location": "file:///etc/passwd"})
        elif path == "/large":
            self.answer(200, b"x" * 5000, {})
        elif path == "/packed":
            self.answer(200, b"x", {"Content-Encoding": "gzip"})
        elif path == "/slow":
            time.sleep(1)
            self.answer(200, b"late", {})
        elif path == "/host":
            self.answer(200, self.headers["Host"].encode(), {})
        else:
            self.answer(404, b"", {})

    def answer(self, status, body, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://site.example:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def resolve(host, port):
    """The test's own name server: the site lies here, and so does what must not be reached."""
    return ["127.0.0.1"] if host == "site.example" else ["127.0.0.2"]


def get(url, *, limit_bytes=1000, timeout=5.0):
    return fetch(
        url,
        limit_bytes=limit_bytes,
        timeout=timeout,
        resolve=resolve,
        may_connect=lambda address: address == "127.0.0.1",
    )


def refusal(url, **limits):
    with pytest.raises(CannotFetch) as refused:
        get(url, **limits)
    return str(refused.value)


def test_fetch_gives_the_page(site):
    fetched = get(f"{site}/page")
    assert (fetched.url, fetched.content, fetched.content_type) == (f"{site}/page", b"Hello", "text/plain")


def test_fetch_connects_by_number_and_asks_by_name(site):
    assert get(f"{site}/host").content.decode() == site.removeprefix("http://")


def test_fetch_follows_three_redirects(site):
    assert get(f"{site}/again/2").url == f"{site}/page"
    assert refusal(f"{site}/again/3") == "The address leads on to another address too many times."


def test_fetch_checks_where_a_redirect_leads(site):
    assert refusal(f"{site}/inside") == "The address lies inside a closed network."
    assert refusal(f"{site}/file") == "The address must begin with https:// or http://."


def test_fetch_stops_at_its_limits(site):
    assert refusal(f"{site}/large", limit_bytes=4999) == "What lies at the address is too large."
    assert len(get(f"{site}/large", limit_bytes=5000).content) == 5000
    assert refusal(f"{site}/slow", timeout=0.2) == "The site took too long to answer."


def test_fetch_says_what_is_wrong(site):
    assert refusal(f"{site}/nothing") == "The site does not give out this page."
    assert refusal(f"{site}/packed") == "The site answers in a form that cannot be read."
    assert refusal("ftp://site.example/page") == "The address must begin with https:// or http://."
    assert refusal("http://eva:secret@site.example/") == "The address must not hold a name or a password."
    assert refusal("http://[::1") == "The site could not be reached."
    assert refusal("") == "The address must begin with https:// or http://."


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://2130706433/"])
def test_fetch_does_not_reach_this_machine(url):
    with pytest.raises(CannotFetch) as refused:
        fetch(url, limit_bytes=10, timeout=5)
    assert str(refused.value) == "The address lies inside a closed network."


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
    ],
)
def test_closed_addresses_are_not_public(address):
    assert is_public(address) is False


def test_open_addresses_are_public():
    assert [is_public("8.8.8.8"), is_public("2606:4700:4700::1111")] == [True, True]
