"""Who may apply: a call's rules in words, and why a place does not fulfil them."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samkraft.places import facts
from samkraft.places.models import Area
from samkraft.ui import numbers

from ..models import Call, Comparison, Eligibility
from ..rules.eligibility import holds

WANTED = {
    Comparison.AT_MOST: gettext_lazy("%(fact)s: at most %(value)s%(edition)s."),
    Comparison.AT_LEAST: gettext_lazy("%(fact)s: at least %(value)s%(edition)s."),
    Comparison.IS_ONE_OF: gettext_lazy("%(fact)s: one of %(value)s%(edition)s."),
    Comparison.IS_TRUE: gettext_lazy("%(fact)s: yes%(edition)s."),
    Comparison.IS_FALSE: gettext_lazy("%(fact)s: no%(edition)s."),
}
OF_THE_MUNICIPALITY = {
    Comparison.AT_MOST: gettext_lazy("The municipality has at most %(value)s%(edition)s."),
    Comparison.AT_LEAST: gettext_lazy("The municipality has at least %(value)s%(edition)s."),
}
WHY_NOT = {
    Comparison.AT_MOST: gettext_lazy(
        "%(place)s has %(found)s%(edition)s. The call is for those with at most %(value)s."
    ),
    Comparison.AT_LEAST: gettext_lazy(
        "%(place)s has %(found)s%(edition)s. The call is for those with at least %(value)s."
    ),
    Comparison.IS_ONE_OF: gettext_lazy("%(place)s belongs to %(found)s. The call is for %(value)s."),
    Comparison.IS_TRUE: gettext_lazy("The call is for places of which this is true: %(fact)s. Of %(place)s it is not."),
    Comparison.IS_FALSE: gettext_lazy(
        "The call is for places of which this is not true: %(fact)s. Of %(place)s it is."
    ),
}


def rules_in_words(call: Call) -> list[str]:
    """One sentence for each rule, for the call's page."""
    return [in_words(rule, call) for rule in call.eligibility.all()]


def in_words(rule: Eligibility, call: Call) -> str:
    """What the rule wants, as a sentence, with the publication that counts."""
    fact = facts.named(rule.fact)
    words = {"fact": capfirst(str(fact.label)), "value": _value(rule, call), "edition": _edition(rule, call)}
    comparison = Comparison(rule.comparison)
    sentences = OF_THE_MUNICIPALITY if fact.unit and comparison in OF_THE_MUNICIPALITY else WANTED
    return str(sentences[comparison]) % words


def problems(call: Call, place: Area) -> list[str]:
    """Why the place may not apply, one whole sentence each; empty when it may."""
    found = []
    if place.country != call.country:
        found.append(_("%(place)s lies in another country than the call is for.") % {"place": place.display_name})
    for rule in call.eligibility.all():
        sentence = _problem(rule, call, place)
        if sentence:
            found.append(sentence)
    return found


def _problem(rule: Eligibility, call: Call, place: Area) -> str:
    fact = facts.named(rule.fact)
    known = facts.values(rule.fact, [place.pk], rule.edition)
    words = {
        "place": place.display_name,
        "fact": str(fact.label),
        "value": _value(rule, call),
        "edition": _edition(rule, call),
    }
    if place.pk not in known:
        return _("The %(fact)s of %(place)s is not known%(edition)s. Write to the organiser.") % words
    value = known[place.pk]
    if holds(rule.comparison, rule.value, value):
        return ""
    return str(WHY_NOT[Comparison(rule.comparison)]) % {**words, "found": _shown(fact, value, call)}


def _shown(fact: facts.Fact, value: object, call: Call) -> str:
    if fact.kind == facts.FactKind.NUMBER and isinstance(value, int):
        return f"{numbers.number(float(value))} {fact.unit}".strip()
    if fact.kind == facts.FactKind.CHOICE and fact.choices:
        return dict(fact.choices(call.country)).get(str(value), str(value))
    return str(value)


def _value(rule: Eligibility, call: Call) -> str:
    fact = facts.named(rule.fact)
    if isinstance(rule.value, list):
        return ", ".join(_shown(fact, value, call) for value in rule.value)
    return "" if rule.value is None else _shown(fact, rule.value, call)


def _edition(rule: Eligibility, call: Call) -> str:
    """The publication in brackets, led by a space."""
    fact = facts.named(rule.fact)
    if not rule.edition or fact.editions is None:
        return ""
    return f" ({dict(fact.editions(call.country)).get(rule.edition, rule.edition)})"
