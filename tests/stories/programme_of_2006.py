"""The municipalities of the programme's tale, and what is done for them outside the browser.

Run with the environment of a site: `python tests/stories/programme_of_2006.py figures`, later `apply SLUG` and
`check SLUG`. Each prints what came of it as JSON.
"""

import json
import os
import sys
from typing import Any

import django

# Those who took part, as the programme's page names them.
COACHED = {
    "SE-0560": "Boxholm",
    "SE-1438": "Dals-Ed",
    "SE-0862": "Emmaboda",
    "SE-1982": "Fagersta",
    "SE-1439": "Färgelanda",
    "SE-1444": "Grästorp",
    "SE-1447": "Gullspång",
    "SE-0643": "Habo",
    "SE-1497": "Hjo",
    "SE-1315": "Hylte",
    "SE-2361": "Härjedalen",
    "SE-1266": "Hörby",
    "SE-1484": "Lysekil",
    "SE-0767": "Markaryd",
    "SE-0642": "Mullsjö",
    "SE-1430": "Munkedal",
    "SE-1273": "Osby",
    "SE-1275": "Perstorp",
    "SE-1264": "Skurup",
    "SE-2260": "Ånge",
    "SE-2560": "Älvsbyn",
    "SE-1256": "Östra Göinge",
}
# Twelve more, so that thirty-four apply.
OTHERS = {
    "SE-0509": "Ödeshög",
    "SE-0512": "Ydre",
    "SE-0604": "Aneby",
    "SE-1760": "Storfors",
    "SE-1762": "Munkfors",
    "SE-1860": "Laxå",
    "SE-1864": "Ljusnarsberg",
    "SE-2403": "Bjurholm",
    "SE-2422": "Sorsele",
    "SE-2425": "Dorotea",
    "SE-2506": "Arjeplog",
    "SE-2513": "Överkalix",
}
BY_HAND = "SE-0643"
TOO_LARGE = "SE-1470"
EDITION = "se-population-2006-test"
TITLE = "Provsiffror för 2006, påhittade för en berättelse"


def inhabitants() -> dict[str, int]:
    """Test figures, not the real ones of 2006: Habo has as many as are allowed, and Vara one too many."""
    applying = sorted(COACHED | OTHERS)
    figures = {key: 3_000 + 350 * place for place, key in enumerate(applying)}
    return figures | {BY_HAND: 15_000, TOO_LARGE: 15_001}


def bring_figures() -> dict[str, Any]:
    """A release of test figures, which says in its title that it is one."""
    # Django has to be set up before its models can be imported.
    from samkraft.statistics.models import ReleaseKind
    from samkraft.statistics.operations import ReleaseFacts, add_population
    from samkraft.statistics.rules import Cell

    facts = ReleaseFacts(
        slug=EDITION,
        kind=ReleaseKind.POPULATION,
        country="SE",
        gas_set="",
        title=TITLE,
        publisher="Berättelsen om programmet",
        version="prov 2006",
    )
    add_population(facts=facts, figures={Cell(key, 2006, "", ""): count for key, count in inhabitants().items()})
    return {"municipalities": len(inhabitants())}


def apply(slug: str) -> dict[str, Any]:
    """All hand in but the one that does so by hand."""
    from django.db import transaction
    from django.utils import timezone

    from samkraft.calls.models import Call, QuestionKind
    from samkraft.config.demo.calls import acts

    call = Call.objects.get(slug=slug)
    answers = {
        question.pk: "yes" if question.kind == QuestionKind.CONSENT else "Vi vill ha en klimatstrategi som används."
        for question in call.questions.exclude(kind=QuestionKind.FILE)
    }
    applying = sorted((COACHED | OTHERS).keys() - {BY_HAND})
    with transaction.atomic():
        for number, key in enumerate(applying, start=1):
            acts.apply_for(call=call, place=key, number=number, word="programmet", answers=answers, now=timezone.now())
    return {"sent": call.applications.submitted().count()}


def check(slug: str) -> dict[str, Any]:
    """Who holds the places: how many, and whether each is one of those that may."""
    from samkraft.calls.models import Decision

    holding = Decision.objects.filter(call__slug=slug).holding_places().select_related("application__place")
    keys = [decision.application.place.key for decision in holding]
    return {
        "holding": len(keys),
        "different": len(set(keys)),
        "may": sum(key in COACHED | OTHERS and inhabitants()[key] <= 15_000 for key in keys),
        "norrland": sum(key[3:5] in {"21", "22", "23", "24", "25"} for key in keys),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samkraft.config.settings")
    django.setup()
    wanted = {"figures": bring_figures, "apply": apply, "check": check}[sys.argv[1]]
    print(json.dumps(wanted(*sys.argv[2:])))
