"""Accessible PDF by Typst: PDF/UA-1, from a template of ours and data that is never read as code."""

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import typst

FOLDER = Path(__file__).parent / "typst"
STANDARD = "ua-1"
# How many signs without a glyph are looked for one by one before all beyond the Latin letters are replaced.
MOST_SIGNS = 40
_MISSING = re.compile(r'the text `"(.*?)"` could not be displayed|disallowed codepoint `"(.*?)"`', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
# Controls, marks that turn the direction of writing, private signs: no letters, and not allowed in the standard.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_LAST_LATIN = 0x24F


class NoTitle(ValueError):
    """A document without a title is not accessible."""


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """The template of that name with the data, as PDF/UA-1.

    `data` holds "title" and "language"; a missing title raises NoTitle. Signs that the font does not have are
    replaced by what they are called, since the standard allows no empty boxes.
    """
    if not str(data.get("title", "")).strip():
        raise NoTitle("A PDF needs a title.")
    data = _each_text(data, _seen_only)
    for _attempt in range(MOST_SIGNS):
        try:
            return _compiled(template, data)
        except typst.TypstError as error:
            signs = _signs_in(str(error))
            if not signs:
                raise
            data = _each_text(data, lambda text, signs=signs: _without(text, signs))
    return _compiled(template, _each_text(data, _latin_only))


def _compiled(template: str, data: dict[str, Any]) -> bytes:
    # The template may read nothing outside its folder; the fonts are those that come with Typst, the same everywhere.
    return bytes(
        typst.compile(
            str(FOLDER / f"{template}.typ"),
            root=str(FOLDER),
            format="pdf",
            sys_inputs={"data": json.dumps(data)},
            pdf_standards=[STANDARD],
            ignore_system_fonts=True,
        )
    )


def _each_text(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _each_text(part, change) for key, part in value.items()}
    if isinstance(value, list):
        return [_each_text(part, change) for part in value]
    return value


def _seen_only(text: str) -> str:
    return "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in _UNSEEN)


def _signs_in(error: str) -> set[str]:
    """The signs that Typst says it cannot show, or nothing when the error is another."""
    found = _MISSING.search(error)
    if found is None:
        return set()
    quoted = found.group(1) or found.group(2) or ""
    return set(_ESCAPED.sub(lambda code: chr(int(code.group(1), 16)), quoted))


def _name_of(sign: str) -> str:
    """An emoji by its name in brackets; a letter of a script that the font lacks, or a mark, by a question mark."""
    category = unicodedata.category(sign)
    if category.startswith("M") or category == "Sk":
        return ""
    return f"[{unicodedata.name(sign, '?').lower()}]" if category.startswith("S") else "?"


def _without(text: str, signs: set[str]) -> str:
    return "".join(_name_of(sign) if sign in signs else sign for sign in text)


def _latin_only(text: str) -> str:
    return "".join(sign if ord(sign) <= _LAST_LATIN or sign in "–—’‘”“…•" else "?" for sign in text)
