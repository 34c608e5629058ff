"""Forms of who may apply, of how those who get a place are chosen, and of what reviewers judge."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from samkraft.places.facts import Fact, FactKind

from ..models import Applicants, Call, Comparison, Limit, Merit, Scale
from ..rules.limits import ascending
from .calls import WithReason, only_under

_COMPARISONS = {
    FactKind.NUMBER: (Comparison.AT_MOST, Comparison.AT_LEAST),
    FactKind.CHOICE: (Comparison.IS_ONE_OF,),
    FactKind.YES_NO: (Comparison.IS_TRUE, Comparison.IS_FALSE),
}


class WhoForm(WithReason):
    applicants = forms.ChoiceField(
        label=_("Who applies?"),
        help_text=_("A municipality or an actor applies once. Of people, several from one municipality can apply."),
        choices=[(kind.value, capfirst(kind.label)) for kind in Applicants],
        widget=forms.RadioSelect,
    )


class RuleForm(WithReason):
    """A rule over one registered fact: what it has to be, and the publication that counts."""

    comparison = forms.ChoiceField(label=_("It has to be"), widget=forms.RadioSelect)
    number = forms.IntegerField(label=_("Number"), min_value=0, max_value=100_000_000)
    chosen = forms.MultipleChoiceField(label=_("Which of them?"), widget=forms.CheckboxSelectMultiple)
    edition = forms.ChoiceField(
        label=_("By which publication?"),
        help_text=_("The same figures then count for everybody, also when newer ones are published meanwhile."),
        required=False,
    )

    def __init__(self, *args: Any, fact: Fact, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        comparisons = _COMPARISONS[fact.kind]
        self.fields["comparison"].choices = [(one.value, one.label) for one in comparisons]
        self.fields["comparison"].initial = comparisons[0].value
        if len(comparisons) == 1:
            self.fields["comparison"].widget = forms.HiddenInput()
        if fact.kind == FactKind.NUMBER:
            self.fields["number"].label = capfirst(str(fact.label))
        else:
            del self.fields["number"]
        if fact.kind == FactKind.CHOICE and fact.choices is not None:
            self.fields["chosen"].choices = list(fact.choices(country))
            self.fields["chosen"].label = capfirst(str(fact.label))
        else:
            del self.fields["chosen"]
        editions = list(fact.editions(country)) if fact.editions is not None else []
        if editions:
            self.fields["edition"].choices = [*editions, ("", _("The newest there is when somebody applies"))]
        else:
            del self.fields["edition"]

    @property
    def told(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "comparison": cleaned["comparison"],
            "value": cleaned.get("number", cleaned.get("chosen")),
            "edition": cleaned.get("edition", ""),
        }


class NumbersField(forms.CharField):
    """Several numbers with at most two decimals, parted by semicolons, as a list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "; ".join(str(one) for one in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        text = str(super().to_python(value))
        parts = [part for part in re.split(r"[;\n]", text) if part.strip()]
        try:
            found = [self._number(part) for part in parts]
        except (InvalidOperation, ValueError) as error:
            raise forms.ValidationError(_("Write numbers with a semicolon between them.")) from error
        if not ascending(found) or any(number <= 0 for number in found):
            raise forms.ValidationError(_("Write the bounds from the lowest to the highest, each once."))
        if len(found) > 8:
            raise forms.ValidationError(_("Write at most eight bounds."))
        return found

    def _number(self, part: str) -> float:
        exact = Decimal(re.sub(r"\s", "", part).replace(",", "."))
        if not exact.is_finite() or exact > 100:
            raise ValueError(part)
        return float(round(exact, 2))


class HowForm(WithReason):
    """What holds for all who are chosen: how many from one municipality, and how scores count."""

    municipality_cap = forms.IntegerField(
        label=_("How many from one municipality, at most?"),
        help_text=_("Leave it out for no such limit."),
        min_value=1,
        max_value=1000,
        required=False,
    )
    merit = forms.ChoiceField(
        label=_("How do the reviewers' scores count?"),
        choices=[(merit.value, capfirst(merit.label)) for merit in Merit],
        widget=forms.RadioSelect,
    )
    merit_threshold = forms.DecimalField(
        label=_("Which points are needed?"),
        help_text=_("For a threshold, each one's points; for a floor, the mean of those who are chosen."),
        min_value=1,
        max_value=10,
        max_digits=4,
        decimal_places=2,
        required=False,
    )
    merit_bounds = NumbersField(
        label=_("At which points does a tier end?"),
        help_text=_("Points with a semicolon between them, such as 2.5; 4."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only_under(self.fields["merit_threshold"], "merit", Merit.THRESHOLD, Merit.FLOOR)
        only_under(self.fields["merit_bounds"], "merit", Merit.TIERS, Merit.FLOOR)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        merit = cleaned.get("merit")
        if merit in {Merit.THRESHOLD, Merit.FLOOR}:
            self._check_told("merit_threshold", _("Say which points are needed."))
        if merit in {Merit.TIERS, Merit.FLOOR}:
            self._check_told("merit_bounds", _("Say at which points a tier ends."))
        return cleaned

    def _check_told(self, name: str, sentence: Any) -> None:
        if name not in self.errors and not self.cleaned_data.get(name):
            self.add_error(name, sentence)


class SizesForm(WithReason):
    """Up to how many inhabitants each class of municipalities goes, the smallest first; the last one has no end."""

    FEWEST, MOST = 3, 8
    LABELS = (_("The smallest municipalities have at most"), _("The next in size have at most"))

    def __init__(self, *args: Any, bounds: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [*bounds, *[None] * self.MOST][: min(self.MOST, max(self.FEWEST, len(bounds) + 1))]
        for place, bound in enumerate(known):
            self.fields[f"most_{place}"] = forms.IntegerField(
                label=self.LABELS[min(place, 1)],
                help_text=_("inhabitants"),
                min_value=1,
                max_value=10_000_000,
                required=not place,
                initial=bound,
            )
        if "why" in self.fields:
            self.order_fields([*(name for name in self.fields if name != "why"), "why"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not ascending(self.told["size_bounds"]):
            self.add_error(None, _("Begin with the smallest municipalities, and let each class go further than the one "
                                   "before."))  # fmt: skip
        return cleaned

    @property
    def told(self) -> dict[str, Any]:
        entered = [self.cleaned_data.get(name) for name in self.fields if name != "why"]
        return {"size_bounds": [bound for bound in entered if bound is not None]}


class LimitsForm(WithReason):
    """At least and at most for each value of a criterion, as two fields a row."""

    def __init__(
        self, *args: Any, values: Sequence[tuple[str, str]], limits: dict[str, Limit], call: Call, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.values = list(values)
        for place, (value, word) in enumerate(self.values):
            limit = limits.get(value)
            for name, label, initial in (
                ("least", _("%(value)s, at least"), limit.minimum or None if limit else None),
                ("most", _("%(value)s, at most"), limit.maximum if limit else None),
            ):
                self.fields[f"{name}_{place}"] = forms.IntegerField(
                    label=str(label) % {"value": word},
                    min_value=0,
                    max_value=call.seats,
                    required=False,
                    initial=initial,
                    widget=forms.NumberInput(attrs={"size": 5}),
                )
        if "why" in self.fields:
            self.order_fields([*(name for name in self.fields if name != "why"), "why"])

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row a value, for the table."""
        return [
            {"word": word, "least": self[f"least_{place}"], "most": self[f"most_{place}"]}
            for place, (_value, word) in enumerate(self.values)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for place, (_value, word) in enumerate(self.values):
            least, most = cleaned.get(f"least_{place}"), cleaned.get(f"most_{place}")
            if least is not None and most is not None and least > most:
                words = {"value": word, "least": least, "most": most}
                text = str(_("%(value)s: at least %(least)d is more than at most %(most)d.")) % words
                self.add_error(f"least_{place}", text)
        return cleaned

    @property
    def limits(self) -> dict[str, tuple[int, int | None]]:
        cleaned = self.cleaned_data
        return {
            value: (cleaned.get(f"least_{place}") or 0, cleaned.get(f"most_{place}"))
            for place, (value, _word) in enumerate(self.values)
        }


class ReviewForm(WithReason):
    """How reviewers read."""

    is_blind = forms.BooleanField(
        label=_("Reviewers see no names and addresses"),
        help_text=_("They then judge what is written, not who wrote it."),
        required=False,
    )
    hides_municipality = forms.BooleanField(label=_("Nor which municipality it is about"), required=False)
    reviews_wanted = forms.IntegerField(label=_("How many reviewers read each application?"), min_value=1, max_value=9)


class ScaleForm(WithReason):
    """What is judged, how much it weighs, and what points mean in words."""

    label = forms.CharField(label=_("What is judged?"), max_length=120)
    help_text = forms.CharField(
        label=_("Help for the reviewers"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    weight = forms.DecimalField(
        label=_("How much does it weigh?"),
        help_text=_("1 if all scales weigh the same; 2 for one that weighs twice as much."),
        min_value=Decimal("0.1"),
        max_value=Decimal(20),
        max_digits=4,
        decimal_places=2,
        initial=1,
    )
    highest = forms.IntegerField(
        label=_("Highest points"), help_text=_("The lowest are 1."), min_value=2, max_value=10, initial=5
    )
    anchors = forms.CharField(
        label=_("What do the points mean?"),
        help_text=_("One a line, with its points first, such as “1: Says nothing about it”."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, scale: Scale | None = None, **kwargs: Any) -> None:
        if scale is not None:
            names = ("label", "help_text", "weight", "highest")
            kwargs["initial"] = {name: getattr(scale, name) for name in names}
            anchors = sorted(scale.anchors.items(), key=lambda item: int(item[0]))
            kwargs["initial"]["anchors"] = "\n".join(f"{points}: {words}" for points, words in anchors)
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "anchors" not in cleaned or "highest" not in cleaned:
            return cleaned
        anchors: dict[str, str] = {}
        for line in filter(str.strip, cleaned["anchors"].splitlines()):
            match = re.fullmatch(r"\s*(\d{1,2})\s*[:.–-]\s*(.+?)\s*", line)
            if match is None or not 1 <= int(match[1]) <= cleaned["highest"]:
                self.add_error("anchors", _("Begin each line with its points and a colon, from 1 to the highest."))
                return cleaned
            anchors[str(int(match[1]))] = match[2][:200]
        cleaned["anchors"] = anchors
        return cleaned
