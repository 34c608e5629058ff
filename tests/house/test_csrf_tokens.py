"""A form in a piece of a page works only when the piece is given the token: the test client does not ask for it."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "src/samkraft"
INCLUDE = re.compile(r'{% include "([^"]+)"([^%]*)%}')
TOKEN = "{% csrf_token %}"
# Whoever answers by a link in a mail organises nothing, so the agenda has no tools there.
WITHOUT_FORMS = {("meetings/answer.html", "meetings/_agenda.html")}


def test_every_piece_with_a_form_is_given_the_token() -> None:
    texts = {str(path).split("/templates/")[1]: path.read_text() for path in ROOT.glob("*/templates/**/*.html")}

    def has_form(name: str, above: tuple[str, ...] = ()) -> bool:
        text = texts.get(name, "")
        inner = (found for found, _rest in INCLUDE.findall(text) if found not in above)
        return TOKEN in text or any(has_form(found, (*above, name)) for found in inner)

    forgotten = {
        (page, piece)
        for page, text in texts.items()
        for piece, rest in INCLUDE.findall(text)
        if "only" in rest.split() and "csrf_token=csrf_token" not in rest and has_form(piece)
    }

    assert forgotten - WITHOUT_FORMS == set()
