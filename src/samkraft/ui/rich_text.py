"""Text with paragraphs, lists, emphasis and links that people write, kept as HTML of a few harmless elements.

With scripts people write in an editor, which sends HTML beside a marker `<name>_format=html`. Without scripts
they write in a plain text area: paragraphs are parted by a blank line, lines that begin with "- " or "1. " are
lists, and addresses become links. A text area cannot show emphasis or the words of a link, so the page carries
the HTML that it was given as `<name>_source`: where the plain text comes back unchanged that HTML is kept, and
where somebody has changed it, what they now wrote counts. All of it is cleaned, whichever way it came.
"""

import re
from collections import Counter
from collections.abc import Mapping
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any

import nh3
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.safestring import SafeString

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "h3", "h4", "a"}
SCHEMES = {"http", "https", "mailto"}
REL = "nofollow noopener noreferrer"
# Their content is never meant to be read, or is read by other rules than those of HTML.
_WITHOUT_CONTENT = {"script", "style", "template", "iframe", "noscript", "noembed", "noframes", "title", "svg", "math"}
# What other programs write for the same thing, and elements that only part words from words.
_WRITTEN_AS = {"b": "strong", "i": "em", "h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4"}
_PARTING = {"div", "section", "article", "header", "footer", "table", "tr", "td", "th", "pre", "dt", "dd", "figcaption"}
_VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_BLOCKS = {"p", "blockquote", "h3", "h4", "ul", "ol"}

# The parser's time grows with the square of the depth; an editor nests a list within a list, not a hundred.
MOST_DEPTH = 100
MOST_MARKUP = 200_000
# Cleaned HTML can read otherwise when it is parsed anew, so it is cleaned until it stays as it is.
_MOST_ROUNDS = 5

_TAG = re.compile(r"<(/?)([a-z][^\s/>]*)")
_ANY_TAG = re.compile(r"<[^<>]*>")
_LINK_TAG = re.compile(r"<(/?)a\b([^>]*)>")
_OTHER_TAG = re.compile(rf"<(/?)({'|'.join([*_WRITTEN_AS, *sorted(_PARTING)])})>")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_BULLET = re.compile(r"[-*•]\s+")
_NUMBER = re.compile(r"\d{1,3}[.)]\s+")


def clean(html: str) -> str:
    """The HTML with nothing left but the allowed elements and links to the open web; "" where no words are left.

    What is nested or long beyond reason is not parsed: its words are kept, without their form.
    """
    html = _CONTROLS.sub("", html)
    if len(html) > MOST_MARKUP or _is_too_deep(html):
        return from_plain(unescape(_ANY_TAG.sub(" ", html)[:MOST_MARKUP]))
    for _round in range(_MOST_ROUNDS):
        cleaned = _cleaned_once(html)
        if cleaned == html:
            return cleaned if _ANY_TAG.sub("", cleaned).replace("&nbsp;", "").strip() else ""
        html = cleaned
    return from_plain(_ANY_TAG.sub(" ", unescape(html)))


def _cleaned_once(html: str) -> str:
    cleaned = nh3.clean(
        html,
        tags=TAGS | set(_WRITTEN_AS) | _PARTING,
        clean_content_tags=_WITHOUT_CONTENT,
        # Without the star, "lang" and "title" would be let through on every element.
        attributes={"a": {"href"}, "*": set()},
        url_schemes=SCHEMES,
        url_relative="deny",
        link_rel=REL,
    )
    return _without_dead_links(_OTHER_TAG.sub(_rename, cleaned)).strip()


def _rename(match: re.Match[str]) -> str:
    slash, name = match.groups()
    return "\n" if name in _PARTING else f"<{slash}{_WRITTEN_AS[name]}>"


def _is_too_deep(html: str) -> bool:
    opened: Counter[str] = Counter()
    depth = 0
    for slash, name in _TAG.findall(html.lower()):
        if slash and opened[name]:
            opened[name] -= 1
            depth -= 1
        elif not slash and name not in _VOID:
            opened[name] += 1
            depth += 1
        if depth > MOST_DEPTH:
            return True
    return False


def _without_dead_links(html: str) -> str:
    """Links that lost their address become the words that they stood on."""
    dead: list[bool] = []

    def replace(match: re.Match[str]) -> str:
        slash, attributes = match.groups()
        if not slash:
            dead.append("href=" not in attributes)
            return "" if dead[-1] else match.group()
        return "" if dead and dead.pop() else match.group()

    return _LINK_TAG.sub(replace, html)


def from_plain(text: str) -> str:
    """Plain text as HTML: paragraphs parted by blank lines, lists of lines that begin so, addresses as links."""
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    blocks = (block.strip("\n") for block in re.split(r"\n[ \t]*\n", text))
    return "".join(_block(block.split("\n")) for block in blocks if block.strip())


def _block(lines: list[str]) -> str:
    lines = [line.strip() for line in lines if line.strip()]
    for mark, tag in ((_BULLET, "ul"), (_NUMBER, "ol")):
        if all(mark.match(line) for line in lines):
            items = (f"<li>{_inline(mark.sub('', line, count=1))}</li>" for line in lines)
            return f"<{tag}>{''.join(items)}</{tag}>"
    return f"<p>{'<br>'.join(_inline(line) for line in lines)}</p>"


def _inline(line: str) -> str:
    parts, end = [], 0
    for match in _ADDRESS.finditer(line):
        address = match.group().rstrip(".,;:!?)'")
        if clean(f'<a href="{escape(address)}">x</a>') == "x":
            continue
        parts.append(_escaped(line[end : match.start()]))
        parts.append(f'<a href="{escape(address)}" rel="{REL}">{_escaped(address)}</a>')
        end = match.start() + len(address)
    parts.append(_escaped(line[end:]))
    return "".join(parts)


def _escaped(words: str) -> str:
    return escape(words, quote=False).replace("\xa0", "&nbsp;")


class _Words(HTMLParser):
    """Reads cleaned HTML as plain text, written as `from_plain` reads it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.lists: list[int | None] = []
        self.link: tuple[str, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n" + self._mark())
        elif tag in {"ul", "ol"}:
            # A list within a list goes on at the next line; one of its own is parted by a blank line.
            if not self.lists:
                self.parts.append("\n\n")
            self.lists.append(0 if tag == "ol" else None)
        elif tag in _BLOCKS:
            self._break()
        elif tag == "a":
            self.link = (dict(attrs).get("href") or "", len(self.parts))

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
            if not self.lists:
                self.parts.append("\n\n")
        elif tag in _BLOCKS:
            self._break()
        elif tag == "a" and self.link:
            address, begun = self.link
            words = "".join(self.parts[begun:]).strip()
            if address and words not in {address, address.removeprefix("mailto:")}:
                self.parts.append(f" ({address})")
            self.link = None

    def handle_data(self, data: str) -> None:
        self.parts.append(re.sub(r"\s+", " ", data))

    def _mark(self) -> str:
        if not self.lists or self.lists[-1] is None:
            return "- "
        self.lists[-1] += 1
        return f"{self.lists[-1]}. "

    def _break(self) -> None:
        # The editor puts a paragraph into every item of a list, which is not to part its mark from its words.
        if not self.lists:
            self.parts.append("\n\n")


def to_plain(html: str) -> str:
    """The words of cleaned HTML, with blank lines between paragraphs and the address behind a link's words."""
    words = _Words()
    words.feed(html)
    words.close()
    lines = (line.strip() for line in "".join(words.parts).replace("\xa0", " ").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def shown(html: str | None) -> SafeString:
    """HTML for a page. It was cleaned when it was kept, and is cleaned again: the page does not rely on that."""
    return SafeString(clean(html or ""))


class RichTextWidget(forms.Textarea):
    """A text area that becomes an editor where scripts run. Its value is always cleaned HTML."""

    template_name = "ui/rich_text.html"
    is_rich_text = True

    class Media:
        js = [forms.Script("ui/js/rich-text.js", type="module")]

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str | None:
        text = data.get(name)
        if not isinstance(text, str):
            return None
        if data.get(f"{name}_format") == "html":
            return clean(text)
        source = clean(data.get(f"{name}_source") or "")
        if source and to_plain(source).split() == text.split():
            return source
        return from_plain(text)

    def format_value(self, value: Any) -> str:
        return to_plain(clean(value or ""))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["source"] = clean(value or "")
        return context


class _MostCharacters(MaxLengthValidator):
    """Counts the characters that a reader sees, not the markup."""

    def clean(self, x: str) -> int:
        return len(to_plain(x))


class RichTextField(forms.CharField):
    """A form field whose cleaned value is sanitised HTML; `max_length` counts the words' characters."""

    widget = RichTextWidget

    def __init__(self, *, max_length: int = 20_000, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most_characters = max_length
        self.validators.append(_MostCharacters(max_length))
        self.widget.attrs.setdefault("maxlength", str(max_length))

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value))
