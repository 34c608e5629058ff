"""Sanitised HTML as data for a typesetter: blocks of runs of text, without a trace of markup.

    {"kind": "paragraph" | "heading", "runs": [run, …], "items": []}
    {"kind": "bullets" | "numbers" | "quote", "runs": [], "items": [[block, …], …]}

A run is {"text", "strong", "emphasis", "link", "newline"}.
"""

import re
from html.parser import HTMLParser
from typing import Any

Block = dict[str, Any]

_KINDS = {"p": "paragraph", "h3": "heading", "h4": "heading"}
_LISTS = {"ul": "bullets", "ol": "numbers", "blockquote": "quote"}
MOST_DEPTH = 12


def _block(kind: str) -> Block:
    return {"kind": kind, "runs": [], "items": []}


class _Reader(HTMLParser):
    """Keeps a stack of lists of blocks: that of the text itself, and one for each open item of a list."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[list[Block]] = [[]]
        self.lists: list[Block] = []
        self.strong = self.emphasis = 0
        self.link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _KINDS:
            self.open[-1].append(_block(_KINDS[tag]))
        elif tag in _LISTS and len(self.lists) < MOST_DEPTH:
            made = _block(_LISTS[tag])
            self.open[-1].append(made)
            self.lists.append(made)
            if tag == "blockquote":
                self._open_item()
        elif tag == "li" and self.lists:
            self._open_item()
        elif tag == "br":
            self._run("", newline=True)
        elif tag == "strong":
            self.strong += 1
        elif tag == "em":
            self.emphasis += 1
        elif tag == "a":
            self.link = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in _KINDS:
            # What follows without a paragraph of its own begins one.
            self.open[-1].append(_block("paragraph"))
        elif tag in _LISTS and self.lists:
            if tag == "blockquote":
                self._close_item()
            self.lists.pop()
        elif tag == "li":
            self._close_item()
        elif tag == "strong":
            self.strong -= 1
        elif tag == "em":
            self.emphasis -= 1
        elif tag == "a":
            self.link = ""

    def handle_data(self, data: str) -> None:
        text = re.sub(r"\s+", " ", data)
        if text.strip() or (self.open[-1] and self.open[-1][-1]["runs"]):
            self._run(text)

    def _open_item(self) -> None:
        item: list[Block] = []
        self.lists[-1]["items"].append(item)
        self.open.append(item)

    def _close_item(self) -> None:
        if len(self.open) > 1:
            self.open.pop()

    def _run(self, text: str, *, newline: bool = False) -> None:
        blocks = self.open[-1]
        if not blocks or blocks[-1]["kind"] not in {"paragraph", "heading"}:
            blocks.append(_block("paragraph"))
        run = {
            "text": text,
            "strong": self.strong > 0,
            "emphasis": self.emphasis > 0,
            "link": self.link,
            "newline": newline,
        }
        blocks[-1]["runs"].append(run)


def _is_empty(block: Block) -> bool:
    if block["items"]:
        return False
    return not any(run["text"].strip() for run in block["runs"])


def _tidy(blocks: list[Block]) -> list[Block]:
    """Without blocks and items in which nothing stands."""
    kept = []
    for block in blocks:
        items = [tidied for item in block["items"] if (tidied := _tidy(item))]
        tidied_block = {**block, "items": items}
        if not _is_empty(tidied_block):
            kept.append(tidied_block)
    return kept


def blocks_of(html: str) -> list[Block]:
    """The blocks of sanitised HTML; an empty list where nothing is written."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return _tidy(reader.open[0])
