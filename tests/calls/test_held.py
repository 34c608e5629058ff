"""What is kept about an applicant is theirs to get and to have erased; the draw can be checked all the same."""

import io
import json
import zipfile

import pytest
from django.urls import reverse

from samkraft.calls import links
from samkraft.calls.models import (
    Answer,
    Applicants,
    Application,
    Applying,
    Call,
    CallPerson,
    CallState,
    Decision,
    Outcome,
    PoolMember,
    QuestionKind,
    Reply,
    Review,
)
from samkraft.calls.operations import draws
from samkraft.calls.operations.applications_erasing import erase
from samkraft.calls.operations.applications_sending import attach, hand_in, save, submit
from samkraft.calls.rules.answers import Typed
from samkraft.engines.selection.verify_draw import checks
from samkraft.notices.models import OutboxMessage
from samkraft.people import exports
from samkraft.people.operations.accounts import close_account
from samkraft.records.models import StoredFile, TransitionLog
from samkraft.records.refusals import Refused
from tests.records import uploads

from .. import factories, factories_calls, factories_draws
from ..factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path, monkeypatch) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def evas(call: Call, **given) -> Application:
    said = {"name": "Eva Ek", "place": factories.area(), "role": "employee", "sector": "planning", "now": NOW}
    return hand_in(call=call, email="eva@example.org", **{**said, **given})


def with_file(call: Call) -> Application:
    """Sent in by Eva, with a text and a file."""
    text = factories_calls.question(call, label="Why?")
    file = factories_calls.question(call, kind=QuestionKind.FILE, is_required=False)
    application = evas(call, answers={text: "Because of Eva"})
    attach(application=application, question=file, upload=uploads.upload(uploads.PDF, "eva.pdf"), now=NOW)
    return submit(application=application, now=NOW)


def everything_kept() -> str:
    """All rows in which a person could be found, as text."""
    rows = [Application, Answer, PoolMember, Review, OutboxMessage, Applying, StoredFile]
    return json.dumps([list(model.objects.values()) for model in rows], default=str)


def test_applicant_gets_everything_as_one_file(client) -> None:
    application = with_file(factories_calls.call())
    save(application=application, typed=Typed(name="Eva Ek Berg"), now=NOW)

    answer = client.get(reverse("calls:application_data", args=[links.token_of(application)]))

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    told = json.loads(archive.read("application.json"))
    assert (told["email"], told["name"], told["state"]) == ("eva@example.org", "Eva Ek", "submitted")
    assert told["sent_in"] == [
        {"question": "Why?", "answer": "Because of Eva", "file": ""},
        {"question": "Question 2", "answer": "", "file": "eva.pdf"},
    ]
    assert told["in_the_form"] == {"name": "Eva Ek Berg"}
    assert [mail["kind"] for mail in told["mails"]] == ["calls.receipt"] * 2
    (name,) = [name for name in archive.namelist() if name.startswith("files/")]
    assert archive.read(name) == uploads.PDF


def test_what_reviewers_wrote_is_told_when_it_is_announced_and_without_their_names(client) -> None:
    call = factories_calls.call()
    factories_calls.scale(call, label="Reach")
    application = evas(call)
    reviewer = factories_calls.reviewer(call)
    factories_calls.review(application, reviewer, 4, comment="Well put.")
    address = reverse("calls:application_data", args=[links.token_of(application)])

    def told():
        archive = zipfile.ZipFile(io.BytesIO(client.get(address).content))
        return json.loads(archive.read("application.json"))["reviews"]

    assert told() == []
    Call.objects.update(state=CallState.ANNOUNCED)
    assert told() == [{"comment": "Well put.", "points": [{"scale__label": "Reach", "points": 4}]}]


def test_erasing_before_the_draw_leaves_a_row_without_a_person(client) -> None:
    call = factories_calls.call(applicants=Applicants.MUNICIPALITY)
    application = with_file(call)
    factories_calls.review(application, factories_calls.reviewer(call), comment="Eva writes well.")
    path = links.application_path(application)
    address = reverse("calls:application_erase", args=[links.token_of(application)])
    assert client.get(address).status_code == 200
    assert Application.objects.get().name == "Eva Ek"

    done = client.post(address, follow=True)

    assert (done.status_code, done.redirect_chain[-1][0]) == (200, reverse("calls:application_erased"))
    application.refresh_from_db()
    assert (application.state, application.erased_at, application.submitted_at) == ("withdrawn", NOW, NOW)
    assert application.email == f"erased-{application.pk}@application.invalid"
    assert "eva" not in everything_kept().lower()
    assert (Applying.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert {client.get(path).status_code, client.get(address).status_code, client.post(address).status_code} == {404}
    assert TransitionLog.objects.of(application).filter(by__isnull=False).count() == 0
    with pytest.raises(Refused, match="erased"):
        save(application=application, typed=Typed(name="Eva"), now=NOW)


def test_erased_draft_can_be_begun_again() -> None:
    call = factories_calls.call()
    erase(application=evas(call), now=NOW)

    again = evas(call)

    assert (again.state, Application.objects.count()) == ("submitted", 2)


def test_draw_verifies_as_before_when_somebody_is_erased_between_commitment_and_draw() -> None:
    draw = factories_draws.committed()
    member = draw.pool.first()
    application = member.application

    erase(application=application, now=NOW)

    member.refresh_from_db()
    assert (member.application, member.salt, member.features) == (None, "", {})
    assert (member.type_number, member.optimal, member.drawn) == (None, None, None)
    application.refresh_from_db()
    assert application.state == "submitted"
    draws.enter_public_number(draw=draw, number="4711", url="", by=draw.begun_by, now=NOW)
    _verifies(draw)
    assert Decision.objects.filter(application=application).values_list("reply", flat=True).get() == Reply.DECLINED


def test_draw_verifies_as_before_when_somebody_with_a_place_is_erased() -> None:
    draw = factories_draws.committed()
    draws.enter_public_number(draw=draw, number="4711", url="", by=draw.begun_by, now=NOW)
    decision = Decision.objects.filter(draw=draw, outcome=Outcome.PLACE).first()
    files = {file.name: file.sha256 for file in draw.files.all()}

    erase(application=decision.application, now=NOW)

    decision.refresh_from_db()
    assert (decision.drawn_outcome, decision.outcome, decision.reply) == ("place", "place", "declined")
    assert {file.name: file.sha256 for file in draw.files.all()} == files
    _verifies(draw)
    # Its place goes to somebody who waits.
    assert Decision.objects.holding_places().filter(draw=draw).count() == draw.seats


def _verifies(draw) -> None:
    files = {file.name: bytes(file.content) for file in draw.files.filter(is_public=True)}
    assert {"pool.csv", "panels.csv", "report.json", "drawn.csv", "waitlist.csv"} <= set(files)
    found = list(checks(files))
    assert found
    assert [check.sentence for check in found if not check.agrees] == []


def test_account_exports_its_applications_roles_and_reviews() -> None:
    call = factories_calls.call(title="Workshop on land")
    application = evas(call)
    eva = factories.user("eva@example.org")
    factories_calls.reviewer(factories_calls.call(title="Another"), eva)
    factories_calls.review(factories_calls.application(call, "bo@example.org"), eva, comment="Good.")

    told = exports.everything_about(eva)

    assert [(one["call"], one["email"]) for one in told["applications"]] == [("Workshop on land", "eva@example.org")]
    assert [(one["call__title"], one["role"]) for one in told["calls"]["roles"]] == [("Another", "reviewer")]
    assert [one["comment"] for one in told["calls"]["reviews"]] == ["Good."]
    assert application.pk is not None


def test_closing_an_account_erases_its_applications_and_ends_its_roles() -> None:
    call = factories_calls.call()
    eva = factories.user("eva@example.org")
    application = evas(call, user=eva)
    other = factories_calls.application(call, "bo@example.org")
    role = CallPerson.objects.get(user=factories_calls.reviewer(call, eva))

    close_account(user=eva, now=NOW)

    application.refresh_from_db()
    role.refresh_from_db()
    other.refresh_from_db()
    assert (application.name, application.user, application.erased_at) == ("", None, NOW)
    assert role.ended_on is not None
    assert (other.name == "", other.erased_at) == (False, None)
