"""Forms of the selection: places and limits, suggestions for them, the draw's number, and reasons."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from samkraft.ui.fields import WebAddressField

from ..models import Applicants, CallState, Merit
from ..operations.draws import LONGEST_NUMBER
from ..queries.features import Feature
from ..queries.pool import Candidates, Targets
from ..queries.selection import MOST_PLACES
from ..rules.changing import Freedom
from ..rules.suggesting import around
from .calls import reason_field

POINTS = {
    Merit.THRESHOLD: gettext_lazy("Points needed to take part"),
    Merit.FLOOR: gettext_lazy("The least mean of points among those chosen"),
}


class LimitsForm(forms.Form):
    """Places, the cap, the points needed, and two numbers for each value of each feature.

    Once the call is published it asks for a reason, but not where the numbers are only looked at.
    """

    seats = forms.IntegerField(label=pgettext_lazy("of a call", "Places"), min_value=1, max_value=MOST_PLACES)
    cap = forms.IntegerField(
        label=gettext_lazy("At most from one municipality"),
        min_value=1,
        max_value=MOST_PLACES,
        required=False,
    )

    def __init__(
        self, *args: Any, candidates: Candidates, targets: Targets, is_look: bool = False, **kwargs: Any
    ) -> None:
        self.known = candidates.features
        super().__init__(*args, initial=_initial(candidates.features, targets), **kwargs)
        if candidates.call.applicants != Applicants.PERSON:
            del self.fields["cap"]
        if candidates.call.merit in POINTS:
            label = POINTS[Merit(candidates.call.merit)]
            self.fields["points"] = forms.DecimalField(label=label, min_value=0, max_value=10, decimal_places=2)
        for _feature, _value, word, least, most in self._pairs():
            self.fields[least] = _number(_("At least, %(value)s") % {"value": word})
            self.fields[most] = _number(_("At most, %(value)s") % {"value": word})
        if candidates.call.state != CallState.DRAFT and not is_look:
            self.fields["why"] = reason_field(Freedom.REASON)
        self._targets = targets

    def _pairs(self) -> Iterator[tuple[Feature, str, str, str, str]]:
        for feature in self.known:
            for number, (value, word) in enumerate(feature.values):
                least, most = names_of(feature, number)
                yield feature, value, word, least, most

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for _feature, _value, _word, least, most in self._pairs():
            low, high = cleaned.get(least), cleaned.get(most)
            if low is not None and high is not None and low > high:
                sentence = _("The most is less than the least, which is %(low)d.") % {"low": low}
                self.add_error(most, ValidationError(sentence))
        return cleaned

    def targets(self) -> Targets:
        """What was entered, of a valid form."""
        entered = self.cleaned_data
        limits = {
            (feature.key, value): (entered[least] or 0, entered[most])
            for feature, value, _word, least, most in self._pairs()
            if entered[least] or entered[most] is not None
        }
        cap = entered["cap"] if "cap" in self.fields else self._targets.cap
        points = entered["points"] if "points" in self.fields else self._targets.points
        return Targets(entered["seats"], limits, cap, points)

    def basics(self) -> list[forms.BoundField]:
        """The fields that are no limits of values."""
        return [self[name] for name in ("seats", "cap", "points") if name in self.fields]

    def why_asked(self) -> forms.BoundField | None:
        """The field for the reason, where one is needed."""
        return self["why"] if "why" in self.fields else None

    @property
    def why(self) -> str:
        return str(self.cleaned_data.get("why", ""))

    def can_be_read(self) -> bool:
        """Whether the numbers can be told, even where the reason is missing."""
        return self.is_bound and not self.errors.keys() - {"why"}


def names_of(feature: Feature, number: int) -> tuple[str, str]:
    """The names of the two fields of a feature's value, counted from 0."""
    return f"least-{feature.criterion.pk}-{number}", f"most-{feature.criterion.pk}-{number}"


def _number(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=MOST_PLACES, required=False)


def _initial(known: list[Feature], targets: Targets) -> dict[str, Any]:
    found: dict[str, Any] = {"seats": targets.seats, "cap": targets.cap, "points": targets.points}
    for feature in known:
        for number, (value, _word) in enumerate(feature.values):
            least, most = targets.limit(feature.key, value)
            names = names_of(feature, number)
            found |= {names[0]: least or None, names[1]: most}
    return found


class SuggestForm(forms.Form):
    """By what, and how closely, limits are to be suggested."""

    like = forms.ChoiceField(
        label=gettext_lazy("Those who are chosen are to be"),
        choices=[
            ("pool", gettext_lazy("like all who take part: each value by its share among them")),
            ("equal", gettext_lazy("mixed evenly: as many of each value, as far as there are applicants")),
        ],
        widget=forms.RadioSelect,
        initial="pool",
    )
    leeway = forms.TypedChoiceField(
        label=gettext_lazy("How many more or fewer there may be of each"),
        choices=[(number, str(number)) for number in range(6)],
        coerce=int,
        initial=1,
    )

    def suggested(self, candidates: Candidates, targets: Targets) -> Targets:
        """The targets with suggested limits instead of their own."""
        counts = candidates.counts(candidates.taking_part(targets))
        limits: dict[tuple[str, str], tuple[int, int | None]] = {}
        for feature in candidates.features:
            values = [value for value, _word in feature.values]
            bounds = around(
                values,
                counts[feature.key],
                targets.seats,
                equal=self.cleaned_data["like"] == "equal",
                slack=self.cleaned_data["leeway"],
            )
            limits |= {(feature.key, value): limit for value, limit in bounds.items() if limit != (0, None)}
        return Targets(targets.seats, limits, targets.cap, targets.points)


class PublicNumberForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("The number"),
        help_text=gettext_lazy("Sign by sign as it stands where everybody can see it. It can never be changed."),
        max_length=LONGEST_NUMBER,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    url = WebAddressField(
        label=gettext_lazy("Where everybody can see the number"),
        help_text=gettext_lazy("The address of the page on which it is published."),
        max_length=500,
    )


class OwnNumberForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Your number"),
        help_text=gettext_lazy(
            "Any number that nobody can guess, for example of dice that you throw. Nobody sees it before the other "
            "number is in."
        ),
        max_length=LONGEST_NUMBER,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class ReasonForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Everybody can read it in the public report."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
