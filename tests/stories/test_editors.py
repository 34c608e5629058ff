"""An editor writes a post: by keyboard in the rich text editor, and without scripts in a plain field."""

from collections.abc import Callable

from playwright.sync_api import expect

from .conftest import Reader, sign_in

EDITOR = "demo.editor@example.org"
ACTOR = "Demo Bageriet"


def _begins(reader: Reader) -> None:
    sign_in(reader, EDITOR)
    reader.open("write/")
    reader.page.get_by_label(ACTOR, exact=True).check()
    reader.page.check("input[name=kind][value=news]")
    reader.send()


def test_editor_writes_by_keyboard(open_reader: Callable[..., Reader]) -> None:
    editor = open_reader()
    _begins(editor)
    page, press = editor.page, editor.page.keyboard.press
    words = page.locator("[contenteditable=true]")
    expect(words).to_be_visible()
    page.locator("input[name=title]").focus()
    page.keyboard.type("Brödet blev klimatsmart")
    press("Tab")
    expect(page.locator("[data-tool=bold]")).to_be_focused()
    press("Tab")
    expect(words).to_be_focused()
    page.keyboard.type("Vi bakar på ")
    press("Control+b")
    page.keyboard.type("egen el")
    press("Control+b")
    page.keyboard.type(". Läs mer: ")
    press("Shift+Tab")
    for _ in range(7):
        press("ArrowRight")
    expect(page.locator("[data-tool=link]")).to_be_focused()
    press("Enter")
    page.keyboard.type("https://example.org/taket")
    editor.sees_no_barrier("editor-link")
    press("Enter")
    expect(words.locator("a")).to_have_attribute("href", "https://example.org/taket")
    editor.sees_no_barrier("editor-write")
    editor.send(button="button[value=keep]")
    editor.open("my/posts/")
    editor.sees_no_barrier("editor-my-posts")
    _looks_and_publishes(editor, "Brödet blev klimatsmart")
    expect(page.locator(".post__text strong")).to_have_text("egen el")
    expect(page.locator(".post__text a")).to_have_attribute("href", "https://example.org/taket")


def test_editor_writes_without_scripts(open_reader: Callable[..., Reader]) -> None:
    editor = open_reader(scripts=False)
    _begins(editor)
    editor.page.fill("input[name=title]", "Ugnen utan skript")
    editor.page.fill("textarea[name=text]", "Första stycket.\n\nAndra stycket.")
    editor.send(button="button[value=keep]")
    _looks_and_publishes(editor, "Ugnen utan skript")
    expect(editor.page.locator(".post__text p")).to_have_text(["Första stycket.", "Andra stycket."])


def _looks_and_publishes(editor: Reader, title: str) -> None:
    """From one's drafts by the preview to the text that is ready to share, and on to the post."""
    page = editor.page
    editor.open("my/posts/")
    editor.follow(f"main a:has-text('{title}')")
    if page.url.endswith("/edit/"):
        editor.send(button="button[value=preview]")
    expect(page.locator(".post__title")).to_have_text(title)
    editor.send("main form[action$='/publish/']")
    ready = page.locator("#share-text").input_value()
    assert ready.startswith(f"{title}\n")
    assert "/posts/" in ready
    editor.follow("main a.ds-button[href*='/posts/']")
    assert editor.heading() == title
