"""The pages of reviewing: who may open them, what they show and hide, and what one does on them."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from samkraft.calls.models import (
    Answer,
    Application,
    ApplicationState,
    CallPerson,
    CallState,
    Merit,
    QuestionKind,
    Review,
    ReviewState,
)
from samkraft.calls.operations import reviews, reviews_samples
from samkraft.calls.panels import reviews as panels
from samkraft.places.models import NameKind, PlaceName
from samkraft.records import files

from .. import factories, factories_calls
from ..factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WHO = ("organiser", "reviewer", "other_reviewer", "outsider", "elsewhere", "visitor")


def browser(user) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def world(settings, tmp_path):
    """A call in review with two reviewers; the first of them reads an application with an attachment."""
    settings.MEDIA_ROOT = tmp_path
    call = factories_calls.call(state=CallState.IN_REVIEW, reviews_wanted=1, is_blind=True, hides_municipality=True)
    other_call = factories_calls.call(state=CallState.IN_REVIEW)
    scale = factories_calls.scale(call, anchors={"1": "Says nothing.", "5": "Convinces."})
    organiser, reviewer, other_reviewer = (
        factories_calls.organiser(call),
        factories_calls.reviewer(call),
        factories_calls.reviewer(call),
    )
    elsewhere = factories_calls.organiser(other_call)
    factories_calls.reviewer(other_call, elsewhere)
    asked, upload = factories_calls.question(call), factories_calls.question(call, kind=QuestionKind.FILE)
    application = factories_calls.application(
        call, name="Ada Lovelace", email="ada.lovelace@example.org", answers={asked: "I am Ada of Mariestad. Lyrestad!"}
    )
    PlaceName.objects.get_or_create(
        area=application.place, kind=NameKind.LOCALITY, text="Lyrestad", defaults={"folded": "lyrestad"}
    )
    document = files.store_document(
        upload=SimpleUploadedFile("Ada Lovelace Mariestad.txt", b"What I do."),
        purpose="calls.attachment",
        by=None,
        now=NOW,
    )
    Answer.objects.create(application=application, question=upload, file=document)
    return SimpleNamespace(
        call=call,
        scale=scale,
        asked=asked,
        application=application,
        document=document,
        review=factories_calls.review(application, reviewer),
        organiser=organiser,
        reviewer=reviewer,
        other_reviewer=other_reviewer,
        outsider=factories.user(),
        elsewhere=elsewhere,
        visitor=None,
        other_application=factories_calls.application(other_call),
    )


def addresses(world) -> dict[str, str]:
    slug, pk, review = world.call.slug, world.application.pk, world.review.pk
    return {
        "applications": reverse("calls:applications", args=[slug]),
        "applications_csv": reverse("calls:applications_csv", args=[slug]),
        "applications_xlsx": reverse("calls:applications_xlsx", args=[slug]),
        "application_read": reverse("calls:application_read", args=[slug, pk]),
        "application_exclude": reverse("calls:application_exclude", args=[slug, pk]),
        "group_mail": reverse("calls:group_mail", args=[slug]),
        "group_mails": reverse("calls:group_mails", args=[slug]),
        "reviews": reverse("calls:reviews", args=[slug]),
        "reviews_agreement": reverse("calls:reviews_agreement", args=[slug]),
        "review_ask": reverse("calls:review_ask", args=[slug, pk]),
        "samples": reverse("calls:samples", args=[slug]),
        "sample_new": reverse("calls:sample_new", args=[slug]),
        "review_list": reverse("calls:review_list", args=[slug]),
        "review": reverse("calls:review", args=[review]),
        "review_conflict": reverse("calls:review_conflict", args=[review]),
        "review_file": reverse("calls:review_file", args=[review, 1]),
    }


OF_ORGANISERS = {"organiser": 200, "reviewer": 404, "other_reviewer": 404, "outsider": 404, "elsewhere": 404}
OF_REVIEWERS = {"organiser": 404, "reviewer": 200, "other_reviewer": 200, "outsider": 404, "elsewhere": 404}
OF_ONE_REVIEWER = {**OF_REVIEWERS, "other_reviewer": 404}


def test_pages_are_open_to_whom_they_are_for_and_do_not_exist_for_others(world) -> None:
    expected = {
        name: {**OF_ORGANISERS, "visitor": 302}
        for name in addresses(world)
        if name not in {"review_list", "review", "review_conflict", "review_file"}
    }
    expected["review_list"] = {**OF_REVIEWERS, "visitor": 302}
    for name in ("review", "review_conflict", "review_file"):
        expected[name] = {**OF_ONE_REVIEWER, "visitor": 302}

    found = {
        name: {who: browser(getattr(world, who)).get(url).status_code for who in WHO}
        for name, url in addresses(world).items()
    }

    assert found == expected


def test_what_is_pressed_is_open_to_whom_it_is_for(world) -> None:
    slug = world.call.slug
    of_organisers = [
        reverse("calls:reviews_share_out", args=[slug]),
        reverse("calls:reviews_remind", args=[slug]),
        reverse("calls:review_take_away", args=[slug, world.review.pk]),
        reverse("calls:application_take_up", args=[slug, world.application.pk]),
    ]
    for url in of_organisers:
        found = {who: browser(getattr(world, who)).post(url).status_code for who in WHO if who != "organiser"}
        assert set(found.values()) <= {404, 302}
        assert {who for who, status in found.items() if status == 302} == {"visitor"}
    assert Review.objects.filter(pk=world.review.pk).exists()
    save = reverse("calls:review_save", args=[world.review.pk])
    found = {who: browser(getattr(world, who)).post(save).status_code for who in WHO}
    assert found == {**OF_ONE_REVIEWER, "visitor": 302}


def test_what_belongs_to_another_call_is_not_found_under_this_one(world) -> None:
    client, slug = browser(world.organiser), world.call.slug
    other = world.other_application
    review = factories_calls.review(other, world.elsewhere)
    sample = factories_calls.application(other.call, is_sample=True, state=ApplicationState.EXCLUDED)
    urls = [
        reverse("calls:application_read", args=[slug, other.pk]),
        reverse("calls:application_exclude", args=[slug, other.pk]),
        reverse("calls:review_ask", args=[slug, other.pk]),
        reverse("calls:sample_remove", args=[slug, sample.pk]),
        reverse("calls:sample_new", args=[slug]) + f"?from={other.pk}",
    ]

    assert [client.get(url).status_code for url in urls] == [404] * 5
    posts = [
        reverse("calls:review_take_away", args=[slug, review.pk]),
        reverse("calls:application_take_up", args=[slug, other.pk]),
    ]
    assert [client.post(url).status_code for url in posts] == [404] * 2
    assert browser(world.reviewer).get(reverse("calls:review", args=[review.pk])).status_code == 404


def test_drafts_and_samples_are_no_applications_to_read(world) -> None:
    client, slug = browser(world.organiser), world.call.slug
    draft = factories_calls.application(world.call, state=ApplicationState.DRAFT, submitted_at=None)
    sample = factories_calls.application(world.call, is_sample=True)

    for application in (draft, sample):
        assert client.get(reverse("calls:application_read", args=[slug, application.pk])).status_code == 404
    assert "1 application is sent in. 1 more is begun" in text_of(client.get(addresses(world)["applications"]))


def test_a_review_given_back_or_of_a_former_reviewer_does_not_exist(world) -> None:
    client, url = browser(world.reviewer), reverse("calls:review", args=[world.review.pk])
    CallPerson.objects.filter(user=world.reviewer).update(ended_on=NOW.date())
    assert client.get(url).status_code == 404
    CallPerson.objects.filter(user=world.reviewer).update(ended_on=None)
    Review.objects.update(state=ReviewState.CONFLICT)
    assert client.get(url).status_code == 404


# What is hidden


LEAKS = ("Ada", "Lovelace", "ada.lovelace", "Mariestad", "mariestad", "Götaland", "Lyrestad")


def everything(response) -> str:
    return response.content.decode() + str(dict(response.headers))


def test_blind_pages_tell_neither_name_nor_place(world) -> None:
    client = browser(world.reviewer)
    pages = [reverse("calls:review_list", args=[world.call.slug])]
    pages += [reverse(f"calls:{name}", args=[world.review.pk]) for name in ("review", "review_conflict")]
    pages.append(reverse("calls:review_file", args=[world.review.pk, 1]))

    for url in pages:
        said = everything(client.get(url))
        assert [word for word in LEAKS if word in said] == [], url
    page = text_of(client.get(pages[1]))
    assert "I am [hidden] of [hidden]. [hidden]!" in page
    assert "Attachment 1" in page
    assert world.document.token not in page


def test_an_attachment_keeps_its_content_and_gets_a_name_that_tells_nothing(world) -> None:
    response = browser(world.reviewer).get(reverse("calls:review_file", args=[world.review.pk, 1]))

    assert response.content == b"What I do."
    assert response["Content-Disposition"] == f'attachment; filename="attachment-{world.application.pk}-1.txt"'
    assert "sandbox" in response["Content-Security-Policy"]
    gone = reverse("calls:review_file", args=[world.review.pk, 2])
    assert browser(world.reviewer).get(gone).status_code == 404


def test_questions_and_attachments_that_are_hidden_are_not_there(world) -> None:
    world.call.questions.update(is_hidden=True)
    client = browser(world.reviewer)

    page = text_of(client.get(reverse("calls:review", args=[world.review.pk])))
    assert (world.asked.label in page, "Attachment" in page) == (False, False)
    assert client.get(reverse("calls:review_file", args=[world.review.pk, 1])).status_code == 404


def test_what_is_not_hidden_is_shown(world) -> None:
    world.call.is_blind = world.call.hides_municipality = False
    world.call.save()

    page = text_of(browser(world.reviewer).get(reverse("calls:review", args=[world.review.pk])))
    assert "Ada Lovelace" in page
    assert "I am Ada of Mariestad. Lyrestad!" in page
    assert "ada.lovelace@example.org" not in page


def test_the_municipality_alone_can_be_hidden(world) -> None:
    world.call.is_blind = False
    world.call.save()

    page = text_of(browser(world.reviewer).get(reverse("calls:review", args=[world.review.pk])))
    assert "Ada Lovelace" in page
    assert "I am Ada of [hidden]. [hidden]!" in page
    assert "Mariestad" not in page


def test_a_withdrawn_application_is_not_shown_to_its_reviewer(world) -> None:
    Application.objects.filter(pk=world.application.pk).update(state=ApplicationState.WITHDRAWN)
    client = browser(world.reviewer)

    page = text_of(client.get(reverse("calls:review", args=[world.review.pk])))
    assert "has been withdrawn" in page
    assert "[hidden]" not in page
    assert client.get(reverse("calls:review_file", args=[world.review.pk, 1])).status_code == 404


def test_organisers_are_told_what_tells_who_applied(world) -> None:
    page = text_of(browser(world.organiser).get(addresses(world)["application_read"]))

    assert "Some answers tell who applied." in page
    assert f"{world.asked.label} – Ada, Mariestad, Lyrestad" in page


# Judging


def given(world, points, act="done", comment="Good."):
    return {f"scale{world.scale.pk}": points, "comment": comment, "act": act}


def test_points_are_chosen_in_words(world) -> None:
    page = text_of(browser(world.reviewer).get(reverse("calls:review", args=[world.review.pk])))

    assert "1 point – Says nothing." in page
    assert "5 points – Convinces." in page
    assert page.count('type="radio"') == 5


def test_done_leads_on_to_the_next_and_at_last_to_the_list(world) -> None:
    client = browser(world.reviewer)
    second = factories_calls.review(factories_calls.application(world.call), world.reviewer)

    first = client.post(reverse("calls:review", args=[world.review.pk]), given(world, 4))
    last = client.post(reverse("calls:review", args=[second.pk]), given(world, 2))

    assert first.headers["Location"] == reverse("calls:review", args=[second.pk])
    assert last.headers["Location"] == reverse("calls:review_list", args=[world.call.slug])
    assert set(Review.objects.values_list("state", flat=True)) == {ReviewState.DONE}
    page = text_of(client.get(last.headers["Location"]))
    assert "You have read everything that you were given." in page


def test_what_is_saved_on_the_way_stands_in_the_form_again(world) -> None:
    client, url = browser(world.reviewer), reverse("calls:review", args=[world.review.pk])

    response = client.post(url, {"comment": "Half.", "act": "save"}, follow=True)

    page = text_of(response)
    assert "Saved. You can go on whenever you like." in page
    assert "Half." in page
    assert Review.objects.get().state == ReviewState.ASSIGNED


def test_done_without_points_says_what_is_missing(world) -> None:
    response = browser(world.reviewer).post(reverse("calls:review", args=[world.review.pk]), {"act": "done"})

    assert response.status_code == 200
    assert "Choose how many points." in text_of(response)


def test_the_form_is_kept_while_one_is_at_it(world) -> None:
    client, url = browser(world.reviewer), reverse("calls:review_save", args=[world.review.pk])

    assert "Saved:" in text_of(client.post(url, given(world, 3, act="", comment="On the way")))
    review = Review.objects.get()
    assert (review.comment, review.scores.get().points, review.state) == ("On the way", 3, ReviewState.ASSIGNED)
    assert "needs another look" in text_of(client.post(url, given(world, 9)))
    world.call.state = CallState.COMMITTED
    world.call.save()
    assert "The review is closed" in text_of(client.post(url, given(world, 1)))
    assert Review.objects.get().scores.get().points == 3


def test_after_the_review_what_one_wrote_is_shown_and_a_late_score_is_refused(world) -> None:
    client, url = browser(world.reviewer), reverse("calls:review", args=[world.review.pk])
    client.post(url, given(world, 4, comment="Kept words."))
    world.call.state = CallState.DRAWN
    world.call.save()

    page = text_of(client.get(url))
    assert "The review is closed" in page
    assert ("4 of 5" in page, "Kept words." in page, 'type="radio"' in page) == (True, True, False)
    assert "The review is closed" in text_of(client.post(url, given(world, 1)))
    assert Review.objects.get().scores.get().points == 4


def test_who_is_too_close_says_so_on_a_page(world) -> None:
    client = browser(world.reviewer)
    response = client.post(reverse("calls:review_conflict", args=[world.review.pk]), {"why": "We share an office."})

    assert response.headers["Location"] == reverse("calls:review_list", args=[world.call.slug])
    assert "You no longer read this application." in text_of(client.get(response.headers["Location"]))
    assert Review.objects.filter(reviewer=world.other_reviewer).count() == 1
    page = text_of(browser(world.organiser).get(addresses(world)["application_read"]))
    assert "Cannot judge it: We share an office." in page


# Leading the review


def test_sharing_out_asking_taking_away_and_reminding_by_pressing(world) -> None:
    client, slug = browser(world.organiser), world.call.slug
    factories_calls.application(world.call)

    page = text_of(client.post(reverse("calls:reviews_share_out", args=[slug]), follow=True))
    assert "1 review is shared out." in page
    page = text_of(client.post(reverse("calls:reviews_share_out", args=[slug]), follow=True))
    assert "Every application has the reviewers" in page
    page = text_of(client.post(reverse("calls:reviews_remind", args=[slug]), follow=True))
    assert "We have reminded 2 reviewers." in page
    ask = addresses(world)["review_ask"]
    page = text_of(client.post(ask, {"reviewer": world.other_reviewer.pk}, follow=True))
    assert "reads the application too" in page
    assert "There is nobody left to ask" in text_of(client.get(ask))
    asked = Review.objects.get(application=world.application, reviewer=world.other_reviewer)
    page = text_of(client.post(reverse("calls:review_take_away", args=[slug, asked.pk]), follow=True))
    assert "no longer reads the application." in page


def test_the_overview_tells_progress_points_and_agreement(world) -> None:
    call = world.call
    call.merit, call.merit_threshold = Merit.THRESHOLD, Decimal(3)
    call.save()
    Review.objects.all().delete()
    for number in range(5):
        application = factories_calls.application(call)
        factories_calls.review(application, world.reviewer, number + 1 if number < 4 else 1)
        factories_calls.review(application, world.other_reviewer, number + 1 if number < 4 else 5)

    page = text_of(browser(world.organiser).get(addresses(world)["reviews"]))

    assert "10 of 10 reviews are done." in page
    assert "3 of 5 judged applications reach the threshold of 3.00 points." in page
    assert "Two who read the same application differ by 0.8 points on average." in page
    detail = text_of(browser(world.organiser).get(addresses(world)["reviews_agreement"]))
    assert "from 1.0 to 5.0 points by 2 reviewers" in detail


def test_scales_on_which_reviewers_differ_are_told_also_when_the_sums_agree(world) -> None:
    call = world.call
    Review.objects.all().delete()
    call.scales.all().delete()
    factories_calls.scale(call)
    factories_calls.scale(call)
    for number in range(5):
        application = factories_calls.application(call)
        factories_calls.review(application, world.reviewer, 1 + number % 2, 5 if number > 2 else 1)
        factories_calls.review(application, world.other_reviewer, 2 - number % 2, 5 if number > 2 else 1)
    said = "the points agree, but on 1 scale the reviewers often differ"

    for name in ("reviews", "reviews_agreement"):
        page = text_of(browser(world.organiser).get(addresses(world)[name]))
        assert said in page
        assert "The reviewers agree well." in page or name == "reviews"


def test_a_call_without_reviewers_says_how_to_begin(world) -> None:
    CallPerson.objects.filter(role="reviewer", call=world.call).delete()
    Review.objects.all().delete()

    assert "No reviewer is named yet" in text_of(browser(world.organiser).get(addresses(world)["reviews"]))


@pytest.mark.parametrize(("name", "most"), [("reviews", 25), ("application_read", 25), ("reviews_agreement", 12)])
def test_organisers_pages_ask_as_much_for_three_as_for_one(world, name, most, django_assert_max_num_queries) -> None:
    client, url = browser(world.organiser), addresses(world)[name]
    factories_calls.review(world.application, world.other_reviewer, 4)
    factories_calls.review(world.application, factories_calls.reviewer(world.call), 1)
    client.get(url)
    with django_assert_max_num_queries(most) as one:
        client.get(url)
    for _number in range(2):
        reader = factories_calls.reviewer(world.call)
        for application in (world.application, factories_calls.application(world.call)):
            factories_calls.review(application, reader, 2)
    with django_assert_max_num_queries(most) as three:
        client.get(url)

    assert len(three) == len(one)


@pytest.mark.parametrize("name", ["review_list", "review"])
def test_reviewers_pages_ask_as_much_for_three_as_for_one(world, name, django_assert_max_num_queries) -> None:
    client, url = browser(world.reviewer), addresses(world)[name]
    client.get(url)
    with django_assert_max_num_queries(12) as one:
        client.get(url)
    for _number in range(2):
        question = factories_calls.question(world.call)
        Answer.objects.create(application=world.application, question=question, text="Ada")
        factories_calls.review(factories_calls.application(world.call), world.reviewer, 3)
    with django_assert_max_num_queries(12) as three:
        client.get(url)

    assert len(three) == len(one)


# Samples


def test_a_sample_is_begun_with_an_application_and_freed_of_who_it_was(world) -> None:
    client = browser(world.organiser)

    page = text_of(client.get(addresses(world)["sample_new"], {"from": world.application.pk}))
    assert "I am [hidden] of [hidden]. [hidden]!" in page
    response = client.post(addresses(world)["sample_new"], {f"q{world.asked.pk}": "We plan."})
    assert response.headers["Location"] == addresses(world)["samples"]
    sample = Application.objects.get(is_sample=True)
    assert sample.reviews.count() == 2
    assert "When two reviewers have judged the sample" in text_of(client.get(addresses(world)["samples"]))
    page = text_of(client.post(reverse("calls:sample_remove", args=[world.call.slug, sample.pk]), follow=True))
    assert "The sample is removed." in page


def test_reviewers_judge_samples_first_and_then_see_how_the_others_did(world) -> None:
    sample = reviews_samples.make_sample(
        call=world.call, answers={world.asked.pk: "We plan."}, by=world.organiser, now=NOW
    )
    compare = reverse("calls:review_samples", args=[world.call.slug])
    client = browser(world.reviewer)

    assert client.get(compare).status_code == 404
    assert "Judge the samples first." in text_of(client.get(reverse("calls:review", args=[world.review.pk])))
    own = sample.reviews.get(reviewer=world.reviewer)
    response = client.post(reverse("calls:review", args=[own.pk]), given(world, 5))
    assert response.headers["Location"] == compare
    other = sample.reviews.get(reviewer=world.other_reviewer)
    browser(world.other_reviewer).post(reverse("calls:review", args=[other.pk]), given(world, 1, comment="Thin."))
    page = text_of(client.get(compare))
    assert "from 1 to 5. Talk through what they mean there." in page
    assert "Thin." in page
    assert client.get(reverse("calls:review_conflict", args=[own.pk])).status_code == 404
    assert browser(world.outsider).get(compare).status_code == 404


def test_an_earlier_call_lends_its_applications_to_who_runs_both(world) -> None:
    earlier = world.other_application.call
    question = factories_calls.question(earlier, label=world.asked.label)
    Answer.objects.create(application=world.other_application, question=question, text="From before.")
    world.call.copied_from = earlier
    world.call.save()
    client, url = browser(world.organiser), addresses(world)["sample_new"]

    assert client.get(url, {"from": world.other_application.pk}).status_code == 404
    factories_calls.organiser(earlier, world.organiser)
    assert "From before." in text_of(client.get(url, {"from": world.other_application.pk}))


# "My page"


def test_reviewers_see_what_they_have_to_read(rf, world) -> None:
    found = panels.to_read(request=rf.get("/"), user=world.reviewer)
    assert [(call, call.n_left) for call in found["calls"]] == [(world.call, 1)]
    for user in (world.other_reviewer, world.organiser):
        assert panels.to_read(request=rf.get("/"), user=user) is None
    page = text_of(browser(world.reviewer).get(reverse("portal:my")))
    assert f"{world.call.title}: 1 application is left to read." in page
    world.call.state = CallState.COMMITTED
    world.call.save()
    assert panels.to_read(request=rf.get("/"), user=world.reviewer) is None


def test_organisers_see_what_takes_long(rf, world) -> None:
    assert "1 review has waited for more than a week." in text_of(browser(world.organiser).get(reverse("portal:my")))
    assert panels.lagging(request=rf.get("/"), user=world.reviewer) is None
    Review.objects.all().delete()
    reviews.assign(application=world.application, reviewer=world.reviewer, by=world.organiser, now=timezone.now())
    assert panels.lagging(request=rf.get("/"), user=world.organiser) is None
