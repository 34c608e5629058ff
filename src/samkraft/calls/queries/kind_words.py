"""What there is to get in a call, and who gets it, in words that fit its kind."""

from django.utils.translation import ngettext, ngettext_lazy

from ..models import Applicants, Call, CallKind

_THERE_ARE = {
    CallKind.GRANT: ngettext_lazy("There is %(number)d grant.", "There are %(number)d grants.", "number"),
    CallKind.AWARD: ngettext_lazy("There is %(number)d award.", "There are %(number)d awards.", "number"),
}
_DRAWN = {
    CallKind.GRANT: ngettext_lazy("%(number)d grant is drawn", "%(number)d grants are drawn", "number"),
    CallKind.AWARD: ngettext_lazy("%(number)d award is drawn", "%(number)d awards are drawn", "number"),
}
_CHOSEN = {
    Applicants.MUNICIPALITY: ngettext_lazy("%(number)d municipality", "%(number)d municipalities", "number"),
    Applicants.ACTOR: ngettext_lazy("%(number)d actor", "%(number)d actors", "number"),
}


def places_in_words(call: Call) -> str:
    """A sentence: "There are 12 places."."""
    number = {"number": call.seats}
    if call.kind in _THERE_ARE:
        return str(_THERE_ARE[CallKind(call.kind)] % number)
    return ngettext("There is %(number)d place.", "There are %(number)d places.", call.seats) % number


def drawn_in_words(call: Call) -> str:
    """The beginning of a sentence: "12 places are drawn"."""
    if call.kind in _DRAWN:
        return str(_DRAWN[CallKind(call.kind)] % {"number": call.seats})
    return ngettext("%(seats)d place is drawn", "%(seats)d places are drawn", call.seats) % {"seats": call.seats}


def chosen_in_words(call: Call, number: int) -> str:
    """So many of those who apply: "4 municipalities"."""
    if call.applicants in _CHOSEN:
        return str(_CHOSEN[Applicants(call.applicants)] % {"number": number})
    return ngettext("%(number)d person", "%(number)d people", number) % {"number": number}
