"""The public report: state by state nothing too early, nothing personal, and a stranger who redoes the draw."""

import io
import itertools
import json
import subprocess
import sys
import zipfile
from collections import defaultdict
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from samkraft.calls.models import (
    ApplicationState,
    Call,
    CallState,
    Decision,
    Draw,
    DrawFile,
    ManualChange,
    Outcome,
    PoolMember,
    Reply,
)
from samkraft.calls.operations import draws
from samkraft.calls.queries import report as queries
from samkraft.calls.queries.selection import chance_of
from samkraft.calls.rules.small_groups import Telling, tellings
from samkraft.config import checks
from samkraft.people.models import Sector
from tests import factories, factories_calls, factories_draws
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
COMMITTED = ["report.json", "panels.csv", "pool.csv"]
DRAWN = ["draw.json", "drawn.csv", "waitlist.csv"]


def address(call: Call, name: str, *keys: str) -> str:
    return reverse(f"calls:{name}", args=[call.slug, *keys])


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def page(call: Call, name: str = "report") -> str:
    response = Client().get(address(call, name))
    assert response.status_code == 200
    return text_of(response)


def files_served(call: Call) -> list[str]:
    """The files that a stranger gets, of all that there are."""
    names = [*COMMITTED, *DRAWN, "types.csv", "salts.csv", "probabilities.csv", "verify_draw.py"]
    return [name for name in names if Client().get(address(call, "report_file", *name.split("."))).status_code == 200]


def announced(**fields: object) -> Call:
    return factories_draws.announce(factories_draws.drawn(factories_draws.call(**fields)).call)


# --- State by state -------------------------------------------------------------------------------------------------


def test_before_the_commitment_the_report_says_what_will_be_there() -> None:
    call = factories_draws.call()

    assert "The report comes with the draw" in page(call)
    assert Client().get(address(call, "check")).status_code == 404
    assert Client().get(address(call, "report_zip")).status_code == 404
    assert files_served(call) == []


def test_a_draft_has_no_report_for_anybody() -> None:
    call = factories_calls.call(state=CallState.DRAFT, published_at=None)
    organiser = Client()
    organiser.force_login(factories_calls.organiser(call), backend=BACKEND)

    assert [client.get(address(call, "report")).status_code for client in (Client(), organiser)] == [404, 404]


def test_commitment_is_public_and_the_files_are_those_that_were_committed_to() -> None:
    draw = factories_draws.committed()
    found = page(draw.call)

    assert "Only the number is missing, which nobody knows yet." in found
    assert "Everybody had a chance of 33 of 100." in found
    assert draw.results["report_sha256"] in found
    assert "Lotto" in found
    assert files_served(draw.call) == [*COMMITTED, "verify_draw.py"]


def test_after_the_draw_nothing_tells_outcomes_until_the_applicants_have_heard() -> None:
    draw = factories_draws.drawn()
    found = page(draw.call) + page(draw.call, "check")

    assert "The applicants hear first" in found
    assert draw.seed not in found
    assert "https://lotto.example/" not in found
    assert "mix__bar" not in found
    assert files_served(draw.call) == [*COMMITTED, "verify_draw.py"]
    told = Client().get(f"/api/v1/call-reports/{draw.call.slug}").json()
    assert (told["stage"], told["number"], told["features"]) == ("drawn", "", [])


def test_announced_report_tells_who_was_chosen_in_sum() -> None:
    call = announced()
    found = page(call)
    chosen = Draw.objects.get().results["chosen"]["sector"]

    assert "<strong>4 places</strong> were drawn among <strong>12 applications</strong>." in found
    assert factories_draws.NUMBER in found
    assert 'href="https://lotto.example/"' in found
    cells = '<th scope="row">Technical services</th><td>1 to 2</td><td class="is-number">4</td><td class="is-number">'
    assert f"{cells}{chosen['technical']}</td>" in found
    assert '<svg class="chart__svg mix"' in found
    assert f"Technical services: {chosen['technical']} of 4." in found
    assert files_served(call) == [*COMMITTED, *DRAWN, "verify_draw.py"]


def test_report_is_shown_in_the_readers_language_when_the_call_has_changed() -> None:
    call = announced()
    call.criteria.all().delete()
    found = text_of(Client().get(address(call, "report").replace("/en/", "/nb/")))

    kept = Draw.objects.get().limits["features"][0]
    assert kept["label"]["nb"] != kept["label"]["en"]
    assert kept["label"]["nb"] in found


def test_report_is_made_anew_when_the_draw_moves_on() -> None:
    draw = factories_draws.committed()
    before = page(draw.call)
    draws.enter_public_number(draw=draw, number="5", url="", by=draw.begun_by, now=NOW)

    assert "Only the number is missing" in before
    assert "The draw was made on" in page(draw.call)


def test_commitments_that_were_taken_back_stay_in_the_report() -> None:
    draw = factories_draws.committed()
    draws.take_back(draw=draw, why="One application was overlooked.", by=draw.begun_by, now=NOW)

    found = page(draw.call)
    assert "Commitments that were taken back" in found
    assert "One application was overlooked." in found
    assert files_served(draw.call) == []


def test_report_tells_changes_by_hand_replacements_and_relaxations() -> None:
    call = announced()
    first, second, third = Decision.objects.filter(outcome=Outcome.PLACE)[:3]
    person = factories.user(name="Somebody Known")
    ManualChange.objects.create(
        decision=first, from_outcome="place", to_outcome="waitlist", why="A twin of another.", by=person, at=NOW
    )
    Decision.objects.filter(pk=second.pk).update(reply=Reply.DECLINED)
    Decision.objects.filter(pk=third.pk).update(
        reply=Reply.ACCEPTED, offered_from_waitlist=True, relaxation="At most 3 from planning."
    )

    found = page(call)

    assert "A twin of another." in found
    assert "1 has given the place up." in found
    assert "1 came in from the waiting list" in found
    assert "At most 3 from planning." in found
    assert "Somebody Known" not in found


def test_report_tells_how_many_were_not_taken_up_or_below() -> None:
    call = factories_draws.call()
    factories_draws.apply(call, 1, state=ApplicationState.EXCLUDED)
    found = page(factories_draws.committed(call).call)

    assert "1 was not taken up" in found


# --- Nothing personal -----------------------------------------------------------------------------------------------


def test_nothing_public_leads_to_a_person() -> None:
    call = factories_draws.call()
    application = call.applications.order_by("pk").first()
    factories_calls.organiser(call, factories.user(name="Runs It"))
    draw = factories_draws.drawn(call)
    factories_draws.announce(draw.call)
    told = page(call) + page(call, "check") + Client().get(f"/api/v1/call-reports/{call.slug}").content.decode()
    told += Client().get("/api/v1/call-reports").content.decode()
    told += "".join(
        Client().get(address(call, "report_file", *name.split("."))).content.decode() for name in [*COMMITTED, *DRAWN]
    )

    member = PoolMember.objects.get(application=application)
    secrets = [application.email, application.name, application.key, member.salt, f"place-{application.place_id}"]
    secrets += [application.place.name, "Runs It", draw.begun_by.name]
    assert [secret for secret in secrets if secret in told] == []
    # Random ids stand in the files alone.
    assert member.public_id in told
    assert member.public_id not in page(call) + page(call, "check")


def test_small_groups_are_told_as_few_and_their_outcomes_not_at_all() -> None:
    call = factories_draws.call()
    factories_draws.apply(call, 1, sector=Sector.AGRICULTURE)
    draw = factories_draws.drawn(call)
    (feature,) = queries.told_features(draw)

    told = {value.word: (value.pool, value.chosen) for value in feature.values}
    assert told["Agriculture"] == ("fewer than 3", "not told")
    assert told["Technical services"] == ("not told", "not told")
    assert told["Planning"][0] == "8"
    (whole,) = queries.told_features(draw, is_internal=True)
    assert {value.word: value.pool for value in whole.values}["Agriculture"] == "1"


def test_small_counts_cannot_be_found_from_the_sum() -> None:
    for counts in itertools.product(range(8), repeat=4):
        how = tellings({str(place): count for place, count in enumerate(counts)}).values()
        told = [count for count, telling in zip(counts, how, strict=True) if telling == Telling.AS_IT_IS]
        few, more = (sum(telling == kind for telling in how) for kind in (Telling.FEW, Telling.NOT))
        # Where nothing is told but the sum, nothing can be kept from it.
        if few and any(told):
            withheld = sum(counts) - sum(told)
            sums = [total for total in range(few, 2 * few + 1) if withheld - total >= 3 * more]
            assert len(sums) > 1, counts
            assert more >= 1, counts
        assert few or not more, counts


def test_small_counts_of_three_values_cannot_even_be_found_by_who_knows_the_rule() -> None:
    possible = defaultdict(set)
    for counts in itertools.product(range(9), repeat=3):
        how = list(tellings({str(place): count for place, count in enumerate(counts)}).values())
        shown = tuple(count if kind == Telling.AS_IT_IS else kind for count, kind in zip(counts, how, strict=True))
        possible[shown, sum(counts)].add(counts)

    for (shown, _total), worlds in possible.items():
        if any(isinstance(told, int) and told for told in shown):
            for place in (place for place, told in enumerate(shown) if told == Telling.FEW):
                assert {world[place] for world in worlds} == {1, 2}, shown


# --- A stranger -----------------------------------------------------------------------------------------------------


def test_a_stranger_unpacks_the_zip_and_the_script_agrees(tmp_path: Path) -> None:
    call = announced()
    response = Client().get(address(call, "report_zip"))
    zipfile.ZipFile(io.BytesIO(response.content)).extractall(tmp_path)

    command = [sys.executable, "-I", "verify_draw.py", "."]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stdout.splitlines()[-1]) == (0, "Everything agrees.")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*COMMITTED, *DRAWN, "verify_draw.py"])
    assert response.headers["Content-Disposition"] == f'attachment; filename="{call.slug}-draw.zip"'


def test_an_applicant_finds_their_own_line_with_their_secret(tmp_path: Path) -> None:
    call = announced()
    chance = chance_of(call.applications.first())
    zipped = Client().get(address(call, "report_zip")).content
    zipfile.ZipFile(io.BytesIO(zipped)).extractall(tmp_path)

    command = [sys.executable, "-I", "verify_draw.py", ".", "--leaf", chance.public_id, chance.salt, *chance.own]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stdout.startswith("right")) == (0, True)


def test_files_have_the_right_types_and_are_saved_not_shown() -> None:
    call = announced()
    kinds = {}
    for name in ("report.json", "drawn.csv", "verify_draw.py"):
        response = Client().get(address(call, "report_file", *name.split(".")))
        kinds[name] = response.headers["Content-Type"]
        assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert kinds == {
        "report.json": "application/json",
        "drawn.csv": "text/csv; charset=utf-8",
        "verify_draw.py": "text/x-python; charset=utf-8",
    }


def test_check_says_that_all_agrees_and_what_was_checked() -> None:
    found = page(announced(), "check")

    assert "We have redone the draw from its files just now: everything agrees." in found
    assert "Every group keeps all limits." in found
    assert "Every group that could be drawn fills the places and keeps all limits." in found
    assert "WRONG" not in found


def test_a_sentence_says_what_each_picture_shows_and_values_that_nobody_has_take_no_row() -> None:
    draw = factories_draws.drawn(factories_draws.call(people=13))
    (feature,) = queries.told_features(draw, is_internal=True)
    chosen = {value.word: value.chosen for value in feature.values}

    assert feature.sentence == f"The largest group: Planning. Of 8 who took part, {chosen['Planning']} were chosen."
    assert ("Planning" in feature.picture, "Agriculture" in feature.picture) == (True, False)
    assert "Agriculture" in chosen


def test_everything_that_the_script_checks_is_told_in_words_that_are_translated() -> None:
    found = page(announced(), "check")

    assert 'lang="en"' not in found[found.index('id="said-title"') :].split("</section>")[0]


def test_check_tells_when_a_file_was_changed() -> None:
    call = announced()
    DrawFile.objects.filter(name="waitlist.csv").update(content=b"order,id\n")
    found = page(call, "check")

    assert "Something does not agree." in found
    assert "<strong>WRONG</strong> waitlist.csv is the file that was kept when it was written." in found


def test_check_tells_when_a_file_cannot_be_read() -> None:
    call = announced()
    DrawFile.objects.filter(name="report.json").update(content=b"\xff")

    assert "Something does not agree." in page(call, "check")


# --- Open data, access and cost -------------------------------------------------------------------------------------


def test_open_data_tells_what_the_report_tells() -> None:
    call = announced()
    factories_draws.call()
    listed = Client().get("/api/v1/call-reports").json()
    told = Client().get(f"/api/v1/call-reports/{call.slug}").json()

    assert [item["call"] for item in listed["items"]] == [call.slug]
    assert (told["stage"], told["number"], told["counts"]["taking_part"]) == ("announced", factories_draws.NUMBER, 12)
    assert [file["name"] for file in told["files"]] == [*COMMITTED, *DRAWN]
    assert [value["took_part"] for value in told["features"][0]["values"]][1:6] == ["8", "0", "0", "4", "0"]
    assert json.loads(Client().get("/api/v1/call-reports/nowhere").content)["detail"]


@pytest.mark.parametrize("name", ["report", "check", "report_zip"])
def test_report_is_for_everybody_and_sets_no_cookie(name: str) -> None:
    response = Client().get(address(announced(), name))

    assert (response.status_code, response.cookies.output()) == (200, "")


def test_report_costs_few_queries(django_assert_max_num_queries) -> None:
    call = announced()
    Client().get(address(call, "report"))

    with django_assert_max_num_queries(25):
        queries.report_of(call)


def test_the_check_of_an_installation_finds_a_file_that_was_changed() -> None:
    call = announced()
    whole = checks._draws()
    DrawFile.objects.filter(name="drawn.csv").update(content=b"id,type\n")

    assert (whole, checks._draws()) == (
        [],
        [f"drawn.csv of the draw of “{call.title}” was changed after it was written. Find out by whom."],
    )
