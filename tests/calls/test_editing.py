"""Editing a call: freely while it is a draft, with reasons or not at all once others go by it."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from samkraft.calls.models import (
    ApplicationState,
    Call,
    CallChange,
    CallPart,
    CallState,
    Comparison,
    DrawState,
    Eligibility,
    Question,
    QuestionKind,
)
from samkraft.calls.operations import criteria, editing, questions
from samkraft.calls.rules.changing import Freedom, freedom
from samkraft.records.refusals import Refused

from .. import factories, factories_calls
from ..factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def client_of(person) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def organised(**fields):
    call = factories_calls.call(**fields)
    return call, factories_calls.organiser(call)


def draft(**fields):
    return organised(state=CallState.DRAFT, opens_at=None, closes_at=None, published_at=None, **fields)


def changes(call):
    return list(CallChange.objects.filter(call=call).values_list("part", "why"))


F, R, W, N = Freedom.FREE, Freedom.REASON, Freedom.WORDING, Freedom.NO


@pytest.mark.parametrize(
    ("part", "in_draft", "published", "begun", "committed"),
    [
        (CallPart.ABOUT, F, F, F, F),
        (CallPart.WHEN, F, R, R, R),
        (CallPart.WHO, F, R, N, N),
        (CallPart.QUESTIONS, F, R, W, N),
        (CallPart.CRITERIA, F, R, R, N),
        (CallPart.REVIEW, F, R, R, N),
        (CallPart.NUMBER, F, R, R, N),
    ],
)
def test_what_others_go_by_is_changed_less_and_less_freely(part, in_draft, published, begun, committed) -> None:
    found = [
        freedom(part, state, has_begun=has_begun, has_points=False)
        for state, has_begun in (
            (CallState.DRAFT, False),
            (CallState.OPEN, False),
            (CallState.OPEN, True),
            (CallState.COMMITTED, True),
        )
    ]

    assert found == [in_draft, published, begun, committed]
    assert freedom(part, CallState.ARCHIVED, has_begun=True, has_points=True) == N


def test_review_is_fixed_once_there_are_points() -> None:
    assert freedom(CallPart.REVIEW, CallState.IN_REVIEW, has_begun=True, has_points=True) == N


def test_places_of_a_published_call_are_changed_with_a_reason_that_everybody_reads() -> None:
    call, person = organised()

    with pytest.raises(editing.NeedsReason):
        editing.change_fields(call=call, fields={"seats": 5}, by=person, now=NOW)
    editing.change_fields(call=call, fields={"seats": 5, "title": "More"}, why="A larger room.", by=person, now=NOW)

    assert (Call.objects.get(pk=call.pk).seats, changes(call)) == (5, [("criteria", "A larger room.")])
    page = Client().get(call.get_absolute_url()).content.decode()
    assert "changed on March 2, 2026: A larger room." in page


def test_words_of_a_published_call_are_changed_without_a_reason() -> None:
    call, person = organised()

    editing.change_fields(call=call, fields={"summary": "Better said."}, by=person, now=NOW)

    assert (Call.objects.get(pk=call.pk).summary, changes(call)) == ("Better said.", [])


def test_what_is_as_before_needs_no_reason() -> None:
    call, person = organised(state=CallState.COMMITTED)

    assert editing.change_fields(call=call, fields={"seats": call.seats}, by=person, now=NOW) == []
    with pytest.raises(Refused, match="committed"):
        editing.change_fields(call=call, fields={"seats": 9}, why="x", by=person, now=NOW)


def test_deadline_of_a_published_call_is_changed_only_where_those_concerned_are_told() -> None:
    call, person = organised()

    with pytest.raises(Refused, match="overview"):
        editing.change_fields(call=call, fields={"closes_at": NOW + timedelta(days=40)}, why="x", by=person, now=NOW)


def test_criteria_wait_while_a_draw_is_prepared() -> None:
    call, person = organised(state=CallState.CLOSED)
    call.draws.create(state=DrawState.COMPUTING, seats=2, begun_by=person, begun_at=NOW)

    with pytest.raises(Refused, match="being prepared"):
        editing.change_fields(call=call, fields={"municipality_cap": 1}, why="x", by=person, now=NOW)


def test_rules_of_who_may_apply_are_fixed_when_somebody_has_begun() -> None:
    call, person = organised()
    rule = {"fact": "population", "comparison": Comparison.AT_MOST, "value": 15_000}
    criteria.add_rule(call=call, **rule, why="The programme is for small ones.", by=person, now=NOW)
    with pytest.raises(Refused, match="such a rule already"):
        criteria.add_rule(call=call, **rule, why="x", by=person, now=NOW)
    factories_calls.application(call, state=ApplicationState.DRAFT, submitted_at=None)

    with pytest.raises(Refused, match="who may apply cannot be changed"):
        criteria.remove_rule(rule=call.eligibility.get(), why="x", by=person, now=NOW)


class TestQuestions:
    def test_question_is_added_moved_and_removed_in_a_draft(self) -> None:
        call, person = draft()
        fields = {"kind": QuestionKind.TEXT, "label": "One?"}
        one = questions.add_question(call=call, fields=fields, by=person, now=NOW)
        two = questions.add_question(call=call, fields={**fields, "label": "Two?"}, by=person, now=NOW)

        questions.move_question(question=two, up=True, by=person, now=NOW)
        assert [question.label for question in call.questions.all()] == ["Two?", "One?"]
        questions.move_question(question=two, up=True, by=person, now=NOW)
        questions.remove_question(question=one, by=person, now=NOW)
        assert [question.label for question in call.questions.all()] == ["Two?"]

    def test_with_applications_only_the_wording_can_be_changed(self) -> None:
        call, person = organised()
        asked = factories_calls.choice_question(call, "new", "old")
        factories_calls.application(call, answers={asked: "new"})
        worded = [{"value": "new", "label": "Quite new"}, {"value": "old", "label": "Old"}]

        questions.change_question(
            question=asked, fields={"label": "Since when?", "choices": worded}, by=person, now=NOW
        )
        assert Question.objects.get(pk=asked.pk).label == "Since when?"
        for fields in ({"choices": worded[:1]}, {"is_required": False}, {"choices": worded[::-1]}):
            with pytest.raises(Refused):
                questions.change_question(question=asked, fields=fields, why="x", by=person, now=NOW)
        with pytest.raises(Refused, match="None can be added"):
            questions.add_question(call=call, fields={"kind": "text", "label": "More?"}, why="x", by=person, now=NOW)
        with pytest.raises(Refused, match="no question can be taken away"):
            questions.remove_question(question=asked, why="x", by=person, now=NOW)

    def test_value_of_a_choice_stays_when_it_is_worded_anew(self) -> None:
        before = questions.choices_of(["Less than a year", "Longer"])
        assert before == [
            {"value": "less-than-a-year", "label": "Less than a year"},
            {"value": "longer", "label": "Longer"},
        ]

        after = questions.choices_of(["Under a year", "Longer"], before)
        assert [choice["value"] for choice in after] == ["less-than-a-year", "longer"]
        more = questions.choices_of(["Longer", "Less than a year", "Longer!"], before)
        assert [choice["value"] for choice in more] == ["longer", "less-than-a-year", "longer-2"]

    def test_question_that_people_are_mixed_by_stays_a_choice_with_its_limited_values(self) -> None:
        call, person = draft()
        asked = factories_calls.choice_question(call, "new", "old")
        criterion = call.criteria.create(source="question", question=asked, position=1)
        criterion.limits.create(value="old", minimum=1)

        fields = {"choices": [{"value": "new", "label": "New"}, {"value": "x", "label": "X"}]}
        with pytest.raises(Refused, match="has limits"):
            questions.change_question(question=asked, fields=fields, by=person, now=NOW)
        with pytest.raises(Refused, match="out of the criteria first"):
            questions.remove_question(question=asked, by=person, now=NOW)

    def test_pages_add_and_change_a_question(self) -> None:
        call, person = draft()
        client = client_of(person)
        url = reverse("calls:add_question", args=[call.slug, "choice"])

        assert "Write at least two choices" in client.post(url, {"label": "Which?", "choices": "One"}).content.decode()
        response = client.post(url, {"label": "Which?", "choices": "One\n\nTwo\n", "is_hidden": "on"})
        assert response.headers["Location"] == reverse("calls:questions", args=[call.slug])
        asked = call.questions.get()
        assert (asked.kind, asked.is_hidden, asked.is_required) == ("choice", True, False)
        client.post(reverse("calls:question", args=[call.slug, asked.pk]), {"label": "Which one?", "choices": "A\nTwo"})
        asked.refresh_from_db()
        assert (asked.label, asked.choices[0]) == ("Which one?", {"value": "one", "label": "A"})
        page = client.get(reverse("calls:questions_preview", args=[call.slug])).content.decode()
        assert "Which one?" in page

    def test_no_other_kind_of_question_can_be_made(self) -> None:
        call, person = draft()

        assert client_of(person).get(reverse("calls:add_question", args=[call.slug, "magic"])).status_code == 404


class TestPages:
    def test_texts_are_saved_clean_and_lead_on(self) -> None:
        call, person = draft()
        fields = {
            "title": " New   title ",
            "summary": "Short.",
            "offer": "<p>Good</p><script>bad()</script>",
            "offer_format": "html",
            "contact_email": "ask@example.org",
            "seats": "12",
        }
        response = client_of(person).post(reverse("calls:edit_about", args=[call.slug]), fields)

        call.refresh_from_db()
        assert response.headers["Location"] == reverse("calls:edit_when", args=[call.slug])
        assert (call.title, call.offer, call.seats) == ("New title", "<p>Good</p>", 12)

    def test_reason_is_asked_for_beside_what_was_written(self) -> None:
        call, person = organised(offer="<p>Good</p>", contact_email="ask@example.org")
        fields = {
            "title": call.title,
            "summary": "s",
            "offer": "Good",
            "contact_email": "ask@example.org",
            "seats": "12",
        }
        client, url = client_of(person), reverse("calls:edit_about", args=[call.slug])

        page = client.post(url, fields).content.decode()
        assert "Say why you change it" in page
        assert 'value="12"' in page
        assert client.post(url, {**fields, "why": "A larger room."}).status_code == 302
        assert changes(call) == [("criteria", "A larger room.")]

    def when(self, person, call, **fields):
        told = {
            "opens_on": "2027-03-01",
            "opens_clock": "09:00",
            "closes_on": "2027-06-21",
            "closes_clock": "23:59",
            "answer_days": "10",
            **fields,
        }
        return client_of(person).post(reverse("calls:edit_when", args=[call.slug]), told)

    def test_times_are_those_of_the_organisers_clocks(self) -> None:
        call, person = draft()

        assert self.when(person, call).status_code == 302
        call.refresh_from_db()
        assert (call.opens_at, call.closes_at) == (
            datetime(2027, 3, 1, 8, tzinfo=UTC),
            # What is sent in during the last minute of the day is in time.
            datetime(2027, 6, 21, 21, 59, 59, tzinfo=UTC),
        )

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"opens_on": "2027-03-28", "opens_clock": "02:30"}, "this time does not occur"),
            ({"closes_on": "2027-02-01"}, "has to close after it opens"),
            ({"announce_on": "2027-06-20"}, "cannot hear before the call closes"),
        ],
    )
    def test_times_that_cannot_be_are_told(self, fields: dict, sentence: str) -> None:
        call, person = draft()

        assert sentence in self.when(person, call, **fields).content.decode()
        assert Call.objects.get(pk=call.pk).opens_at is None

    def test_hour_that_comes_twice_is_the_first(self) -> None:
        call, person = draft()
        self.when(person, call, closes_on="2027-10-31", closes_clock="02:30")

        assert Call.objects.get(pk=call.pk).closes_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)

    def test_published_call_keeps_its_window_on_the_page_of_dates(self) -> None:
        call, person = organised()
        page = client_of(person).get(reverse("calls:edit_when", args=[call.slug])).content.decode()

        assert ("opens_on" in page, reverse("calls:prolong", args=[call.slug]) in page) == (False, True)

    def test_number_has_to_be_named(self) -> None:
        call, person = draft()
        client, url = client_of(person), reverse("calls:edit_number", args=[call.slug])

        assert "Say which number it is" in client.post(url, {"seed_kind": "public"}).content.decode()
        assert client.post(url, {"seed_kind": "two_people"}).status_code == 302

    def test_committed_call_says_why_nothing_can_be_changed(self) -> None:
        call, person = organised(state=CallState.COMMITTED)
        page = client_of(person).get(reverse("calls:edit_number", args=[call.slug])).content.decode()

        assert "The draw is committed to what the call says now" in page
        assert "<textarea" not in page

    def test_rule_is_added_and_taken_away(self) -> None:
        call, person = draft()
        client = client_of(person)
        client.post(
            reverse("calls:add_rule", args=[call.slug, "population"]), {"comparison": "at_most", "number": "15000"}
        )
        rule = Eligibility.objects.get()
        assert (rule.comparison, rule.value, rule.edition) == ("at_most", 15_000, "")
        client.post(
            reverse("calls:add_rule", args=[call.slug, "part"]), {"comparison": "is_one_of", "chosen": ["norrland"]}
        )
        assert Eligibility.objects.get(fact="part").value == ["norrland"]
        page = client.get(reverse("calls:edit_who", args=[call.slug])).content.decode()
        assert "The municipality has at most 15,000 inhabitants." in page
        client.post(reverse("calls:remove_rule", args=[call.slug, rule.pk]))
        assert list(Eligibility.objects.values_list("fact", flat=True)) == ["part"]
        assert client.get(reverse("calls:add_rule", args=[call.slug, "magic"])).status_code == 404

    def test_scale_is_kept_with_its_words(self) -> None:
        call, person = draft()
        fields = {"label": "The plan", "weight": "2", "highest": "4", "anchors": "1: Nothing\n4 - All"}
        client, url = client_of(person), reverse("calls:add_scale", args=[call.slug])

        assert client.post(url, fields).status_code == 302
        scale = call.scales.get()
        assert (scale.weight, scale.highest, scale.anchors) == (Decimal(2), 4, {"1": "Nothing", "4": "All"})
        wrong = client.post(url, {**fields, "anchors": "5: Too much"}).content.decode()
        assert "Begin each line with its points" in wrong
        client.post(reverse("calls:remove_scale", args=[call.slug, scale.pk]))
        assert call.scales.count() == 0


ROUTES = ["organise", "copy", "edit_about", "edit_when", "edit_who", "questions", "questions_preview", "criteria"]
ROUTES += [
    "edit_how",
    "edit_sizes",
    "edit_review",
    "add_scale",
    "edit_number",
    "people",
    "invite",
    "prolong",
    "close",
    "cancel",
]


@pytest.mark.parametrize("route", ROUTES)
def test_only_organisers_reach_the_working_pages(cast, route: str) -> None:
    call = factories_calls.call(area_of := factories.area("1440", "Ale"))
    assert call.area == area_of
    organiser = factories_calls.organiser(call)
    other = factories_calls.organiser(factories_calls.call(area_of))
    reviewer = factories_calls.reviewer(call)
    url = reverse(f"calls:{route}", args=[call.slug])

    assert client_of(organiser).get(url).status_code == 200
    assert [client_of(person).get(url).status_code for person in (other, reviewer)] == [404, 404]
    assert cast.statuses(url) == {"owner": 404, "member": 404, "outsider": 404, "steward": 200, "visitor": 302}


def test_pieces_of_another_call_are_not_reached_through_ones_own() -> None:
    mine, person = draft()
    theirs, _other = draft()
    client = client_of(person)
    question = factories_calls.choice_question(theirs, "a", "b")
    criterion = factories_calls.criterion(theirs)
    scale = factories_calls.scale(theirs)
    rule = theirs.eligibility.create(fact="population", comparison="at_most", value=1)
    names = {
        "question": question,
        "remove_question": question,
        "criterion": criterion,
        "remove_criterion": criterion,
        "scale": scale,
        "remove_scale": scale,
        "remove_rule": rule,
    }

    for name, row in names.items():
        assert client.get(reverse(f"calls:{name}", args=[mine.slug, row.pk])).status_code == 404, name
        assert client.get(reverse(f"calls:{name}", args=[theirs.slug, row.pk])).status_code == 404, name
    assert client.post(reverse("calls:move_question", args=[mine.slug, question.pk])).status_code == 404
    assert client.get(reverse("calls:add_criterion", args=[mine.slug, f"question-{question.pk}"])).status_code == 404


@pytest.mark.parametrize("name", ["take_back", "archive"])
def test_steps_are_taken_by_organisers_and_by_post(cast, name: str) -> None:
    call = factories_calls.call(factories.area("1440", "Ale"))
    url = reverse(f"calls:{name}", args=[call.slug])

    assert client_of(factories_calls.organiser(call)).get(url).status_code == 405
    assert cast.client("outsider").post(url).status_code == 404
    assert cast.client("visitor").post(url).status_code == 302


def test_publishing_asks_once_and_says_what_can_no_longer_be_changed_freely(cast) -> None:
    call, person = organised(
        state=CallState.DRAFT,
        published_at=None,
        closes_at=NOW + timedelta(days=9000),
        offer="<p>A place.</p>",
        seed_source="Lotto",
        seats=7,
    )
    factories_calls.question(call)
    client, url = client_of(person), reverse("calls:publish", args=[call.slug])

    page = client.get(url).content.decode()
    assert "Publish the call?" in page
    assert "There are 7 places." in page
    assert cast.client("outsider").post(url).status_code == 404
    call.refresh_from_db()
    assert call.state == CallState.DRAFT
    assert client.post(url).status_code == 302
    call.refresh_from_db()
    assert call.state == CallState.OPEN
    assert client.get(url).status_code == 404


def test_grants_and_awards_are_counted_in_their_own_words() -> None:
    for kind, words in (("grant", "How many grants are there?"), ("award", "How many awards are there?")):
        call, person = organised(kind=kind)
        assert words in client_of(person).get(reverse("calls:edit_about", args=[call.slug])).content.decode()


def test_editing_names_the_call_and_marks_no_section_of_another_page() -> None:
    call, person = organised()
    page = client_of(person).get(reverse("calls:edit_review", args=[call.slug])).content.decode()
    tabs = page[page.index('class="call-nav"') : page.index('class="call-steps"')]

    assert call.title in page[page.index("<h1") : page.index('class="call-nav"')]
    assert "aria-current" not in tabs
    assert "How they are reviewed" in page


def test_time_of_opening_that_is_suggested_is_nine_in_the_morning() -> None:
    call, person = draft()
    form = client_of(person).get(reverse("calls:edit_when", args=[call.slug])).context["form"]

    assert form.fields["opens_clock"].initial == time(9)
