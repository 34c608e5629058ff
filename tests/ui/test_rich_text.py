"""Text that people write: nothing gets through but words and harmless form, with and without scripts."""

import time
from html.parser import HTMLParser

import pytest
from django import forms
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from samkraft.ui.rich_text import REL, SCHEMES, TAGS, RichTextField, clean, from_plain, shown, to_plain

# (what is sent, the words that remain)
PAYLOADS = [
    ("<script>alert(1)</script>", ""),
    ("<SCRIPT SRC=https://evil.example/x.js></SCRIPT>", ""),
    ("<scr<script>ipt>alert(1)</scr</script>ipt>", None),
    ("<script >alert(1)</script >x", "x"),
    ("<script\x00>alert(1)</script>", ""),
    ("<script/src=data:,alert(1)>", ""),
    ("<<script>alert(1)//<</script>", "<"),
    ("<img src=x onerror=alert(1)>", ""),
    ("<img src=javascript:alert(1)>", ""),
    ('<img """><script>alert(1)</script>">', '">'),
    ("<img src=`javascript:alert(1)`>", ""),
    ("<img/src/onerror=alert(1)>", ""),
    ("<img src='x' onerror\n=\nalert(1)>", ""),
    ("<img srcset='x' onload=alert(1)>x", "x"),
    ("<svg onload=alert(1)>", ""),
    ("<svg><script>alert(1)</script></svg>", ""),
    ("<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>", ""),
    ("<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>", ""),
    ("<svg><style><img src=x onerror=alert(1)></style></svg>", ""),
    ("<svg><use href='data:image/svg+xml,<svg onload=alert(1)>'></svg>", None),
    ("<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>", None),
    ("<math><a xlink:href='javascript:alert(1)'>x</a></math>", ""),
    ("<body onload=alert(1)>x", "x"),
    ("<body background='javascript:alert(1)'>x", "x"),
    ("<iframe src='javascript:alert(1)'></iframe>", ""),
    ("<iframe srcdoc='<script>alert(1)</script>'></iframe>", ""),
    ("<object data='javascript:alert(1)'>x</object>", "x"),
    ("<embed src='javascript:alert(1)'>", ""),
    ("<applet code=x>x</applet>", "x"),
    ("<form action='javascript:alert(1)'><button>x</button></form>", "x"),
    ("<button formaction='javascript:alert(1)'>x</button>", "x"),
    ("<input onfocus=alert(1) autofocus>", ""),
    ("<select onfocus=alert(1) autofocus><option>x</select>", None),
    ("<textarea onfocus=alert(1) autofocus>x</textarea>", "x"),
    ("<details open ontoggle=alert(1)>x</details>", "x"),
    ("<video><source onerror=alert(1)></video>", ""),
    ("<audio src=x onerror=alert(1)>", ""),
    ("<marquee onstart=alert(1)>x</marquee>", "x"),
    ("<meta http-equiv=refresh content='0;url=javascript:alert(1)'>", ""),
    ("<link rel=stylesheet href='https://evil.example/x.css'>", ""),
    ("<base href='javascript:alert(1)//'>", ""),
    ("<style>@import 'https://evil.example/x.css';</style>", ""),
    ("<style>body{background:url(javascript:alert(1))}</style>x", "x"),
    ("<p style='background:url(javascript:alert(1))'>x</p>", "x"),
    ('<p style="width:expression(alert(1))">x</p>', "x"),
    ("<p onclick=alert(1)>x</p>", "x"),
    ("<p onmouseover='alert(1)' class=y id=z>x</p>", "x"),
    ("<p title='Read this' lang=en dir=rtl hidden data-x=y>x</p>", "x"),
    ("<strong/onclick=alert(1)>x</strong>", "x"),
    ("<a href='javascript:alert(1)'>x</a>", "x"),
    ("<a href='JaVaScRiPt:alert(1)'>x</a>", "x"),
    ("<a href='java\tscript:alert(1)'>x</a>", "x"),
    ("<a href='java&#x0A;script:alert(1)'>x</a>", "x"),
    ("<a href='&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;:alert(1)'>x</a>", "x"),
    ("<a href='\x01javascript:alert(1)'>x</a>", "x"),
    ("<a href=' javascript:alert(1)'>x</a>", "x"),
    ("<a href='data:text/html,<script>alert(1)</script>'>x</a>", "x"),
    ("<a href='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='>x</a>", "x"),
    ("<a href='vbscript:msgbox(1)'>x</a>", "x"),
    ("<a href='file:///etc/passwd'>x</a>", "x"),
    ("<a href='blob:https://evil.example/1'>x</a>", "x"),
    ("<a href='//evil.example/'>x</a>", "x"),
    ("<a href='/sv/account/logout/'>x</a>", "x"),
    ("<a href='#top'>x</a>", "x"),
    ("<a href='ftp://evil.example/'>x</a>", "x"),
    ("<a href='tel:112'>x</a>", "x"),
    ("<a onclick=alert(1) name=x>x</a>", "x"),
    ("<!--<img src='--><img src=x onerror=alert(1)//'>-->", None),
    ("<![CDATA[<script>alert(1)</script>]]>", None),
    ("<?xml version='1.0'?><script>alert(1)</script>", ""),
    ("<!DOCTYPE html><html onclick=alert(1)>x</html>", "x"),
    ("<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>", None),
    ("<template><script>alert(1)</script></template>", ""),
    ("<title><img src=x onerror=alert(1)></title>", ""),
    ("<xmp><img src=x onerror=alert(1)></xmp>", None),
    ("<x onclick=alert(1)>x</x>", "x"),
    ("<isindex action=javascript:alert(1)>", ""),
    ("</p><script>alert(1)</script><p>", ""),
    ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
    ("<p>&#60;script&#62;alert(1)&#60;/script&#62;</p>", "<script>alert(1)</script>"),
]


class Opened(HTMLParser):
    """What a browser would make of the text: each element with its attributes."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def only_harmless(html):
    for tag, attributes in Opened(html).found:
        assert tag in TAGS
        assert set(attributes) <= ({"href", "rel"} if tag == "a" else set())
        if tag == "a":
            assert attributes["rel"] == REL
            assert attributes["href"].partition(":")[0] in SCHEMES
    assert "<!" not in html and "<?" not in html
    return True


def test_there_are_sixty_payloads():
    assert len(PAYLOADS) >= 60


@pytest.mark.parametrize(("payload", "words"), PAYLOADS)
def test_payload_leaves_words_only(payload, words):
    cleaned = clean(payload)
    assert Opened(cleaned).found in ([], [("p", {})], [("strong", {})], [("p", {}), ("p", {})])
    assert clean(cleaned) == cleaned
    assert only_harmless(from_plain(payload))
    if words is not None:
        assert to_plain(cleaned) == words


_pieces = st.sampled_from(
    [payload for payload, _words in PAYLOADS]
    + [f"<{tag}>" for tag in sorted(TAGS | {"div", "b", "table", "td", "svg", "math", "style", "select", "h1"})]
    + [f"</{tag}>" for tag in sorted(TAGS | {"div", "b", "table", "svg", "math", "style", "select"})]
    + ["<a href='https://a.example/'>", "<a href=javascript:alert(1)>", "-->", "<!--", "&lt;", "&amp;", '"', "'", ">"]
)


@given(st.lists(st.one_of(_pieces, st.text(max_size=8)), max_size=25).map("".join))
def test_nothing_harmful_survives_and_cleaning_again_changes_nothing(html):
    cleaned = clean(html)
    assert only_harmless(cleaned)
    assert clean(cleaned) == cleaned
    assert only_harmless(from_plain(html))


@given(st.text(max_size=200))
def test_plain_text_comes_back_as_it_was_written(text):
    assert clean(from_plain(text)) == from_plain(text)
    assert to_plain(from_plain(to_plain(from_plain(text)))).split() == to_plain(from_plain(text)).split()


def test_harmless_form_is_kept():
    html = (
        "<h3>What</h3><p>We <strong>do</strong> <em>this</em><br>now</p><ul><li>one</li></ul><ol><li>two</li></ol>"
        f'<blockquote><p>said</p></blockquote><h4>More</h4><p><a href="https://a.example/?b=1&amp;c=2" rel="{REL}">'
        f'here</a> <a href="mailto:eva@a.example" rel="{REL}">Eva</a></p>'
    )
    assert clean(html) == html


def test_what_other_programs_write_is_kept_in_our_form():
    assert clean("<h1>A</h1><b>b</b> <i>c</i>") == "<h3>A</h3><strong>b</strong> <em>c</em>"
    assert to_plain(clean("<div>one</div><div>two</div>")).split() == ["one", "two"]


def test_text_without_words_is_empty():
    assert [clean(html) for html in ("", "<p></p>", "<p>&nbsp;<br></p>", "<ul><li></li></ul>")] == ["", "", "", ""]


@pytest.mark.parametrize(
    "html",
    [
        "<blockquote>" * 50_000,
        "<em><p>" * 30_000,
        "".join(f"<p><font a={number}></p>" for number in range(9000)),
        "<" * 200_000,
        "<table><a>" * 15_000,
        "<a href=https://a.example>x" * 7000,
        "<p>x</p>" * 100_000,
    ],
    ids=["deep", "emphasis", "fonts", "angles", "tables", "links", "long"],
)
def test_hostile_markup_takes_no_long_time(html):
    begun = time.perf_counter()
    cleaned = clean(html)
    assert time.perf_counter() - begun < 1.5
    assert only_harmless(cleaned)


def test_words_of_what_is_too_deep_are_kept():
    assert to_plain(clean("<div>" * 200 + "We &lt;3 you" + "</div>" * 200)) == "We <3 you"


def test_plain_text_becomes_paragraphs_lists_and_links():
    text = "We meet on Monday\nat six.\r\n\r\n- bread\n- cheese\n\n1. sit\n2. eat\n\nSee https://a.example/?b=1&c=2."
    assert from_plain(text) == (
        "<p>We meet on Monday<br>at six.</p><ul><li>bread</li><li>cheese</li></ul><ol><li>sit</li><li>eat</li></ol>"
        f'<p>See <a href="https://a.example/?b=1&amp;c=2" rel="{REL}">https://a.example/?b=1&amp;c=2</a>.</p>'
    )
    assert to_plain(from_plain(text)) == text.replace("\r\n", "\n")


def test_plain_text_says_where_a_link_leads():
    html = '<p>Read <a href="https://a.example/">this</a> or <a href="https://b.example/">https://b.example/</a></p>'
    assert to_plain(html) == "Read this (https://a.example/) or https://b.example/"


def test_list_within_a_list_reads_as_lines():
    html = "<p>Do</p><ol><li><p>one</p><ul><li><p>a</p></li></ul></li><li><p>two</p></li></ol><p>Done</p>"
    assert to_plain(html) == "Do\n\n1. one\n- a\n2. two\n\nDone"


class TextForm(forms.Form):
    text = RichTextField(max_length=20, label="Text", required=False)


def answer(data, **field):
    form = TextForm(data)
    return form.cleaned_data["text"] if form.is_valid() else form.errors["text"]


def test_field_takes_html_of_the_editor_and_plain_text_without_scripts():
    assert answer({"text": "<p><b>Hi</b><script>x</script></p>", "text_format": "html"}) == "<p><strong>Hi</strong></p>"
    assert answer({"text": "<b>Hi</b>\n\nthere"}) == "<p>&lt;b&gt;Hi&lt;/b&gt;</p><p>there</p>"
    assert answer({}) == ""


def test_field_keeps_form_that_a_plain_text_area_cannot_show_until_the_text_is_changed():
    source = "<p>A <strong>b</strong></p><p>c</p>"
    assert answer({"text": "A b\r\n\r\nc", "text_source": source}) == source
    assert answer({"text": "A b\r\n\r\nd", "text_source": source}) == "<p>A b</p><p>d</p>"
    assert answer({"text": "", "text_source": source}) == ""
    assert answer({"text": "A", "text_source": "<p onclick=x>A</p>"}) == "<p>A</p>"


def test_field_counts_what_a_reader_sees(in_english):
    assert answer({"text": f"<p><strong>{'x' * 20}</strong></p>", "text_format": "html"}) == (
        f"<p><strong>{'x' * 20}</strong></p>"
    )
    assert answer({"text": "x" * 21}) == ["Ensure this value has at most 20 characters (it has 21)."]


def test_required_field_is_not_satisfied_by_empty_paragraphs(in_english):
    class Required(forms.Form):
        text = RichTextField()

    assert Required({"text": "<p> </p>", "text_format": "html"}).errors["text"] == ["This field is required."]


def test_field_shows_words_in_the_text_area_and_html_to_the_script():
    form = TextForm(initial={"text": '<p>A "b"<script>x</script></p><p>c</p>'})
    shown_field = str(form["text"])
    assert ">\nA &quot;b&quot;\n\nc</textarea>" in shown_field
    assert 'name="text_source" value="&lt;p&gt;A &quot;b&quot;&lt;/p&gt;&lt;p&gt;c&lt;/p&gt;"' in shown_field
    assert 'data-editor="/static/django_prose_editor/editor.js"' in shown_field


def test_field_brings_its_script_along_on_a_form_page():
    page = Template("{% include 'ui/_form.html' %}").render(Context({"form": TextForm()}))
    assert page.count('<script src="/static/ui/js/rich-text.js" type="module"></script>') == 1
    assert "<script>" not in page and "style=" not in page


def test_filter_cleans_once_more():
    page = Template("{{ text|rich }}").render(Context({"text": "<p onclick=x>A</p><script>x</script>"}))
    assert page == "<p>A</p>" == shown("<p>A</p>")
    assert shown(None) == ""
