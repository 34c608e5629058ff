"""Fetching what a person typed: the open web only, within limits, with one sentence when it fails."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote

import pytest

from samkraft.records.fetch import MOST_BYTES, MOST_REDIRECTS, MOST_SECONDS, CannotFetch, fetch, is_public


class Site(BaseHTTPRequestHandler):
    """A small web site that answers by path."""

    ANSWERS = {
        "/page": (200, b"Hello", {"Content-Type": "text/plain"}),
        "/inside": (302, b"", {"Location": "http://localhost/secret"}),
        "/file": (302, b"", {"Location": "file:///etc/passwd"}),
        "/nowhere": (302, b"", {}),
        "/large": (200, b"x" * 5000, {}),
        "/packed": (200, b"x", {"Content-Encoding": "gzip"}),
    }

    def do_GET(self):
        path = self.path
        if path.startswith("/again/"):
            left = int(path.rpartition("/")[2])
            self.answer(302, b"", {"Location": f"/again/{left - 1}" if left else "/page"})
        elif path.startswith("/leads-to/"):
            self.answer(302, b"", {"Location": f"http://{unquote(path.removeprefix('/leads-to/'))}/"})
        elif path == "/slow":
            time.sleep(1)
            self.answer(200, b"late", {})
        elif path == "/drips":
            self.drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        elif path == "/drips-headers":
            self.drip(b"HTTP/1.1 200 OK\r\nX: ")
        elif path == "/host":
            self.answer(200, self.headers["Host"].encode(), {})
        else:
            self.answer(*self.ANSWERS.get(path, (404, b"", {})))

    def answer(self, status, body, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def drip(self, begun):
        """A little at a time: each part comes soon, and the whole never ends."""
        self.connection.sendall(begun)
        for _part in range(100):
            try:
                self.connection.sendall(b"x")
            except OSError:
                break
            time.sleep(0.05)
        self.close_connection = True

    def log_message(self, *args):
        pass


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
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


def test_fetch_reads_no_page_that_leads_nowhere(site):
    assert refusal(f"{site}/nowhere") == "The site does not give out this page."


@pytest.mark.parametrize("path", ["drips", "drips-headers"])
def test_fetch_ends_in_time_though_a_little_comes_all_the_while(site, path):
    begun = time.monotonic()
    assert refusal(f"{site}/{path}", timeout=0.5, limit_bytes=200_000) == "The site took too long to answer."
    assert time.monotonic() - begun < 1.5


def test_fetch_does_not_wait_for_a_name_server():
    def never(host, port):
        time.sleep(1)
        return ["8.8.8.8"]

    begun = time.monotonic()
    with pytest.raises(CannotFetch) as refused:
        fetch("http://slow.example/", timeout=0.1, resolve=never)
    assert str(refused.value) == "The site took too long to answer."
    assert time.monotonic() - begun < 0.9


def test_fetch_ends_in_time_where_nobody_answers():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        begun = time.monotonic()
        with pytest.raises(CannotFetch) as refused:
            fetch(
                f"https://127.0.0.1:{silent.getsockname()[1]}/",
                timeout=0.3,
                resolve=lambda host, port: ["127.0.0.1"],
                may_connect=lambda address: True,
            )
    assert str(refused.value) == "The site took too long to answer."
    assert time.monotonic() - begun < 1.5


def test_fetch_speaks_tls_with_those_who_do_only(site):
    assert refusal(site.replace("http:", "https:")) == "The site could not be reached."


def test_fetch_tries_the_next_address_where_one_does_not_answer(site):
    fetched = fetch(
        f"{site}/page",
        resolve=lambda host, port: ["127.0.0.9", "127.0.0.1"],
        may_connect=lambda address: address.startswith("127."),
    )
    assert fetched.content == b"Hello"


def test_limits_are_two_megabytes_five_seconds_and_three_redirects():
    assert (MOST_BYTES, MOST_SECONDS, MOST_REDIRECTS) == (2_000_000, 5.0, 3)


# One of each family that leads into a closed network, however it is written.
CLOSED = {
    "loopback": "127.0.0.1",
    "loopback-far": "127.255.255.254",
    "loopback-6": "::1",
    "private-10": "10.1.2.3",
    "private-172": "172.16.0.1",
    "private-192": "192.168.1.1",
    "unique-local": "fc00::1",
    "link-local": "169.254.169.254",
    "link-local-6": "fe80::1%eth0",
    "cgnat": "100.64.0.1",
    "cgnat-last": "100.127.255.255",
    "nat64": "64:ff9b::8.8.8.8",
    "nat64-private": "64:ff9b::10.0.0.1",
    "nat64-local": "64:ff9b:1::1",
    "6to4": "2002:808:808::1",
    "6to4-private": "2002:7f00:1::",
    "6to4-relay": "192.88.99.1",
    "teredo": "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "mapped": "::ffff:127.0.0.1",
    "compatible": "::10.0.0.1",
    "site-local": "fec0::1",
    "multicast": "224.0.0.1",
    "multicast-global": "224.0.1.1",
    "multicast-6": "ff02::1",
    "multicast-6-global": "ff0e::1",
    "this-host": "0.0.0.0",
    "this-host-6": "::",
    "broadcast": "255.255.255.255",
    "reserved": "240.0.0.1",
    "documentation": "192.0.2.1",
    "benchmark": "198.18.0.1",
    "protocols": "192.0.0.8",
}
SENTENCE = "The address lies inside a closed network."


def in_url(address):
    return f"[{address.partition('%')[0]}]" if ":" in address else address


@pytest.mark.parametrize("address", CLOSED.values(), ids=CLOSED)
def test_closed_address_is_refused_when_it_is_typed(address):
    assert is_public(address) is False
    with pytest.raises(CannotFetch) as refused:
        fetch(f"http://{in_url(address)}/")
    assert str(refused.value) == SENTENCE


@pytest.mark.parametrize("address", CLOSED.values(), ids=CLOSED)
def test_closed_address_is_refused_where_a_redirect_leads(site, address):
    with pytest.raises(CannotFetch) as refused:
        fetch(
            f"{site}/leads-to/{quote(in_url(address), safe='')}",
            resolve=lambda host, port: ["127.0.0.1"] if host == "site.example" else [address],
            may_connect=once(),
        )
    assert str(refused.value) == SENTENCE


def once():
    """The test's site lies in a closed network itself: it may be reached once, and then the rule holds."""
    asked = []

    def may_connect(address):
        asked.append(address)
        return len(asked) == 1 or is_public(address)

    return may_connect


@pytest.mark.parametrize("address", CLOSED.values(), ids=CLOSED)
def test_closed_address_behind_a_name_is_refused_also_beside_an_open_one(address):
    for answer in ([address], ["8.8.8.8", address], [address, "8.8.8.8"]):
        with pytest.raises(CannotFetch) as refused:
            fetch("http://rebinding.example/", resolve=lambda host, port, answer=answer: answer)
        assert str(refused.value) == SENTENCE


def test_name_that_changes_its_address_after_the_check_is_not_asked_again(site):
    """DNS rebinding: the first answer is the open site, each later one is a closed network's."""
    answers = iter([["127.0.0.1"], ["127.0.0.2"], ["127.0.0.2"]])
    asked = []

    def rebinding(host, port):
        asked.append(host)
        return next(answers)

    fetched = fetch(f"{site}/host", resolve=rebinding, may_connect=lambda address: address == "127.0.0.1")
    assert (fetched.content.decode(), asked) == (site.removeprefix("http://"), ["site.example"])
    # A redirect to the same name is asked about anew, and then what it is by now counts.
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    with pytest.raises(CannotFetch) as refused:
        fetch(f"{site}/again/1", resolve=rebinding, may_connect=lambda address: address == "127.0.0.1")
    assert str(refused.value) == SENTENCE


@pytest.mark.parametrize(
    "url", ["http://localhost/", "http://2130706433/", "http://0x7f.1/", "http://017700000001/", "http://127.1/"]
)
def test_this_machine_is_refused_by_its_other_names(url):
    with pytest.raises(CannotFetch) as refused:
        fetch(url)
    assert str(refused.value) == SENTENCE


def test_open_addresses_are_public():
    assert [is_public("8.8.8.8"), is_public("2606:4700:4700::1111"), is_public("::ffff:8.8.8.8")] == [True] * 3
