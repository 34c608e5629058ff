"""Forms about actors: to register and change one, to close one, and the filters of the register."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samkraft.places.fields import MunicipalitiesField
from samkraft.places.models import COUNTRY_NAMES
from samkraft.records.file_fields import PictureField
from samkraft.ui.fields import WebAddressField

from ..models import Actor, ActorKind
from ..operations.actors import ActorFacts, Logo
from ..queries import actors as queries
from ..rules import actors as rules

PERSONAL_NUMBER = gettext_lazy(
    "This is a person's own number. We do not keep such numbers, since the register is open to all: leave the field"
    " empty."
)
WRONG_NUMBER = gettext_lazy("No organisation has this number. Check the digits, or leave the field empty.")
NUMBER_EXAMPLES = {"SE": "556036-0793", "NO": "988 077 917", "DK": "13585628"}


class FactsForm(forms.Form):
    """What is told about an actor, and how it is tested, by the form and by the import alike."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("The name by which people know it."),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("What kind of actor is it?"), widget=forms.RadioSelect)
    organisation_number = forms.CharField(
        label=gettext_lazy("Organisation number"),
        help_text=gettext_lazy(
            "It makes sure that nobody is registered twice, and is shown to everyone. Leave it empty if the number"
            " is a person's own, as a sole trader's may be."
        ),
        max_length=40,
        required=False,
    )
    homepage_url = WebAddressField(
        required=False,
        label=gettext_lazy("Home page"),
        help_text=gettext_lazy("A home page or a Facebook page is needed, so that people can see who you are."),
    )
    facebook_url = WebAddressField(required=False, label=gettext_lazy("Facebook page"))
    does = forms.CharField(
        label=gettext_lazy("What do you do for the transition?"),
        help_text=gettext_lazy("A few sentences in your own words, for those who live near you."),
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    leader_name = forms.CharField(
        label=gettext_lazy("Your leader's name"),
        help_text=gettext_lazy("The one who leads the actor. It is shown to everyone."),
        max_length=120,
        required=False,
    )
    description_url = WebAddressField(
        required=False,
        label=gettext_lazy("Your leader's own description of the transition"),
        help_text=gettext_lazy("A link to where your leader tells, in person, about your transition."),
    )
    described_on = forms.DateField(
        label=gettext_lazy("When was it published?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country
        self.fields["kind"].choices = [(kind.value, capfirst(kind.label)) for kind in ActorKind]

    def clean_name(self) -> str:
        # On one line: it stands in mails, where a line of its own would read as ours.
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean_organisation_number(self) -> str:
        typed = str(self.cleaned_data["organisation_number"])
        if not typed.strip():
            return ""
        try:
            return rules.organisation_number(self.country, typed)
        except rules.PersonalNumber:
            raise ValidationError(PERSONAL_NUMBER, code="personal") from None
        except rules.WrongNumber:
            raise ValidationError(WRONG_NUMBER, code="wrong") from None

    def clean_facebook_url(self) -> str:
        url = str(self.cleaned_data["facebook_url"])
        if url and not rules.is_facebook(url):
            raise ValidationError(_("This address does not lead to Facebook."))
        return url

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        pages = ("homepage_url", "facebook_url")
        if not any(cleaned.get(name) for name in pages) and not any(name in self.errors for name in pages):
            self.add_error("homepage_url", _("Write the address of a home page or of a Facebook page."))
        if cleaned.get("description_url") and not cleaned.get("described_on") and "described_on" not in self.errors:
            self.add_error("described_on", _("Say when the description was published."))
        return cleaned

    def facts(self) -> ActorFacts:
        names = self.base_facts()
        return ActorFacts(country=self.country, **{name: self.cleaned_data[name] for name in names})

    @staticmethod
    def base_facts() -> list[str]:
        return list(FactsForm.base_fields)


class ActorForm(FactsForm):
    """An actor's form, of one country: its municipalities and its kind of organisation number."""

    municipalities = MunicipalitiesField(
        label=gettext_lazy("Municipalities"), help_text=gettext_lazy("Where you are at work. Choose one or more.")
    )
    logo = PictureField(
        label=gettext_lazy("Logo"),
        help_text=gettext_lazy("A picture that you have the right to show."),
        required=False,
    )
    remove_logo = forms.BooleanField(label=gettext_lazy("Take the logo away"), required=False)

    GROUPS = (
        (gettext_lazy("Who you are"), ("name", "kind", "organisation_number")),
        (gettext_lazy("Where people can read about you"), ("homepage_url", "facebook_url")),
        (gettext_lazy("Where you are"), ("municipalities",)),
        (gettext_lazy("What you do"), ("does", "logo", "remove_logo")),
        (gettext_lazy("What your leader says"), ("leader_name", "description_url", "described_on")),
    )

    def __init__(self, *args: Any, actor: Actor | None = None, **kwargs: Any) -> None:
        if actor is not None:
            kwargs["initial"] = _initial_of(actor)
        super().__init__(*args, **kwargs)
        self.fields["municipalities"].limit_to(self.country)
        example = _("For example %(number)s.") % {"number": NUMBER_EXAMPLES[self.country]}
        number = self.fields["organisation_number"]
        number.help_text = f"{number.help_text} {example}"
        if actor is None or actor.logo is None:
            del self.fields["remove_logo"]

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in self.GROUPS]

    def given(self) -> dict[str, Any]:
        """What the operations want to be given."""
        cleaned = self.cleaned_data
        logo = Logo(upload=cleaned.get("logo"), remove=cleaned.get("remove_logo", False))
        return {"facts": self.facts(), "municipalities": list(cleaned["municipalities"]), "logo": logo}


def _initial_of(actor: Actor) -> dict[str, Any]:
    known = {name: getattr(actor, name) for name in FactsForm.base_facts()}
    known["organisation_number"] = actor.shown_organisation_number
    return {**known, "municipalities": [area.key for area in actor.municipalities.all()]}


class CloseForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why is it closed?"),
        help_text=gettext_lazy("It is kept with the actor's history, which only stewards can read."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RegisterForm(forms.Form):
    """The filters of the register. What cannot be used is left out and narrows nothing."""

    q = forms.CharField(label=gettext_lazy("Name"), max_length=160, required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    county = forms.ChoiceField(label=gettext_lazy("County"), required=False)
    municipality = forms.ChoiceField(label=gettext_lazy("Municipality"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    network = forms.ChoiceField(label=gettext_lazy("Network"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        asked = {name: str(data.get(name, "")) for name in self.base_fields}
        self._choose("country", ((code, COUNTRY_NAMES[code]) for code in COUNTRY_NAMES))
        self._choose("kind", ((kind.value, capfirst(kind.label)) for kind in ActorKind))
        country = asked["country"] if asked["country"] in COUNTRY_NAMES else ""
        counties = queries.counties(country) if country else []
        self._choose("county", ((area.key, area.full_name) for area in counties))
        keys = {area.key for area in counties}
        towns = queries.municipalities(asked["county"]) if asked["county"] in keys else []
        self._choose("municipality", ((area.key, area.name) for area in towns))
        self._choose("network", ((network.slug, network.name) for network in queries.networks_to_choose(country)))
        for name in ("county", "municipality"):
            if not self.fields[name].choices[1:]:
                del self.fields[name]
        self.is_valid()

    def _choose(self, name: str, choices: Any) -> None:
        self.fields[name].choices = [("", _("All")), *choices]

    def wanted(self) -> queries.Wanted:
        cleaned = dict(self.cleaned_data)
        return queries.Wanted(name=cleaned.pop("q", ""), **cleaned)

    def narrowed(self) -> dict[str, str]:
        """The filters that are in use, as an address carries them."""
        return {name: value for name, value in self.cleaned_data.items() if value}
