"""Absurd and hostile input to calls: one clear sentence, nothing told, nothing broken."""

import pytest
from django.test import Client
from django.urls import reverse

from samkraft.calls import links
from samkraft.calls.forms.questions import QuestionForm
from samkraft.calls.forms.reviews import ReviewForm
from samkraft.calls.forms.selection import PublicNumberForm
from samkraft.calls.models import (
    ApplicationState,
    Call,
    CallState,
    QuestionKind,
)
from samkraft.calls.operations import applications_sending as sending
from samkraft.calls.operations import decisions, draws, letters
from samkraft.calls.rules.answers import Typed
from samkraft.calls.rules.letters import filled
from samkraft.config.command import main
from samkraft.engines.selection.verify_draw import checks
from samkraft.notices.models import OutboxMessage
from samkraft.records.refusals import Refused
from tests import factories_calls, factories_decisions, factories_draws
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
SCRIPT = "<script>alert(1)</script>"


def test_help_of_a_scale_is_words_and_no_html_to_reviewers() -> None:
    scale = factories_calls.scale(factories_calls.call(), help_text=f"a < b {SCRIPT}")

    html = ReviewForm(scales=[scale])[f"scale{scale.pk}"].help_text

    assert html == "a &lt; b &lt;script&gt;alert(1)&lt;/script&gt;"


@pytest.mark.parametrize(
    "text",
    ["{call.__class__}", "{0}", "{name!r}", "{organiser.password}", "%(name)s", "{{ call.pk }}", "{% debug %}"],
)
def test_braces_of_a_letter_reach_into_nothing(text) -> None:
    values = {"name": "Eva", "call": "Workshop", "organiser": "Mariestad"}

    assert filled(text, values) == text


@pytest.mark.parametrize("field", ["subject", "title"])
def test_line_breaks_in_a_subject_add_no_header(field) -> None:
    at = factories_decisions.drawn(places={"ada": {}}, state=CallState.DECIDED)
    injected = "Hello\r\nBcc: victim@example.org"
    if field == "title":
        Call.objects.filter(pk=at.call.pk).update(title=injected)
    else:
        letters.write(call=at.call, outcome="place", language="en", subject=injected, text="x")
    decisions.announce(call=at.call, by=at.organiser, now=NOW)

    mails = OutboxMessage.objects.all()
    assert mails.count() > 0
    assert [mail.subject for mail in mails if "\n" in mail.subject or "\r" in mail.subject] == []


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "https://a:b@example.org/", "//x", "ftp://x/"]
)
def test_address_of_the_number_is_one_of_the_web(url) -> None:
    assert not PublicNumberForm({"number": "1", "url": url}).is_valid()


@pytest.mark.parametrize("field", ["name", "actor_name"])
def test_a_name_that_is_longer_than_what_keeps_it_is_not_sent_in(field) -> None:
    call = factories_calls.call(applicants="actor" if field == "actor_name" else "person")
    applied = factories_calls.application(call, state=ApplicationState.DRAFT, submitted_at=None)
    whole = {"name": "Eva", "actor_name": "Bakery", "place": "SE-1493", "role": "employee", "sector": "planning"}
    kept = sending.save(application=applied, typed=Typed(**{**whole, field: "x" * 161}), now=NOW)

    with pytest.raises(sending.Incomplete) as refused:
        sending.submit(application=kept, now=NOW)
    assert [fault.field for fault in refused.value.faults] == [field]


@pytest.mark.parametrize("bound", ["9" * 10, "-" + "9" * 10, "9" * 400])
def test_bounds_that_no_database_keeps_are_refused(bound) -> None:
    form = QuestionForm({"label": "How many?", "most": bound}, kind=QuestionKind.NUMBER)

    assert "most" in form.errors


@pytest.mark.parametrize("typed", ["12\u00a0345", "12\u202f345", "12\u2009345"])
def test_a_number_pasted_with_spaces_of_other_kinds_still_verifies(typed) -> None:
    draw = factories_draws.drawn(number=typed)

    assert draw.seed == "12 345"
    files_kept = {file.name: bytes(file.content) for file in draw.files.all()}
    assert [check.sentence for check in checks(files_kept) if not check.agrees] == []


@pytest.mark.parametrize("number", ["1\u20282", "1\u20292", "1\u200b2", "1\x002", "\u00a0", "x" * 121])
def test_a_number_that_cannot_be_seen_is_refused(number) -> None:
    draw = factories_draws.committed()

    with pytest.raises(Refused):
        draws.enter_public_number(draw=draw, number=number, url="https://x.example/", by=draw.begun_by, now=NOW)


def test_form_keeps_whatever_is_sent_and_never_breaks() -> None:
    call = factories_calls.call()
    asked = factories_calls.question(call, kind=QuestionKind.NUMBER)
    applied = factories_calls.application(call, state=ApplicationState.DRAFT, submitted_at=None)
    address = reverse("calls:application_form", args=[links.token_of(applied)])
    others = factories_calls.question(factories_calls.call())
    surrogate = "\ud800".encode("utf-8", "surrogatepass")
    for text in ("\x00", surrogate, "NaN", "Infinity", "1e999", "x" * 500_000, "\u202e"):
        sent = {"name": text, "place": text, "role": text, "sector": text, f"q{asked.pk}": text, f"q{others.pk}": "x"}
        assert Client().post(address, {**sent, "version": "0", "state": "submitted"}).status_code in {200, 302}
    applied.refresh_from_db()

    assert applied.state == ApplicationState.DRAFT
    assert len(str(applied.working)) < 300_000
    assert str(others.pk) not in applied.working.get("answers", {})
    assert (
        Client().get(reverse("calls:application_preview", args=[links.token_of(applied)]), follow=True).status_code
        == 200
    )


def test_broken_pool_file_moves_no_cursor(tmp_path, capsys) -> None:
    (tmp_path / "people.csv").write_text("id,sector\n1,\x1b[2J\x1b]0;owned\x07\n")
    (tmp_path / "features.csv").write_text("feature,value,min,max\nsector,planning,0,1\n")
    args = ["draw", "commit", "--pool", str(tmp_path / "people.csv"), "--features", str(tmp_path / "features.csv")]

    assert main([*args, "--seats", "1", "--out", str(tmp_path / "out")]) == 2
    assert "\x1b" not in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_more_panels_than_fit_into_a_computer_are_refused(tmp_path, capsys) -> None:
    (tmp_path / "people.csv").write_text("id,sector\n1,planning\n2,planning\n")
    (tmp_path / "features.csv").write_text("feature,value,min,max\nsector,planning,0,1\n")
    args = ["draw", "commit", "--pool", str(tmp_path / "people.csv"), "--features", str(tmp_path / "features.csv")]

    assert main([*args, "--seats", "1", "--panels", "1000000000", "--out", str(tmp_path / "out")]) == 2
    assert "expected at most 100000, found 1000000000" in capsys.readouterr().err
