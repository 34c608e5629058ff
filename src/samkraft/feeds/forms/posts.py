"""Forms of those who write posts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samkraft.networks.models import Network
from samkraft.places.models import Area
from samkraft.ui.fields import WebAddressField
from samkraft.ui.rich_text import RichTextField

from ..models import Post, PostKind
from ..operations.posts import Content
from ..queries.posts import Author

ZONES = {"SE": "Europe/Stockholm", "NO": "Europe/Oslo", "DK": "Europe/Copenhagen"}
LANGUAGES = {"SE": "sv", "NO": "nb", "DK": "da"}
LONGEST_TEXT = 10_000


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"


class MomentField(forms.DateTimeField):
    """A date and a time of day where the post is told. `country` says in which time zone."""

    def __init__(self, *, country: str = "SE", **kwargs: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        kwargs.setdefault("widget", MomentInput(format=formats[0]))
        super().__init__(input_formats=formats, **kwargs)
        self.country = country

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(ZONES.get(self.country, settings.TIME_ZONE))

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(self.zone):
            return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return value.astimezone(self.zone).replace(tzinfo=None) if isinstance(value, datetime) else value


class BeginForm(forms.Form):
    """As whom, and what kind of post, where that is not given."""

    author = forms.ChoiceField(label=_("As whom do you write?"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_("What do you want to tell?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, authors: list[Author], kind: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["author"].choices = [(author.key, _named(author)) for author in authors]
        self.fields["kind"].choices = [
            (PostKind.NEWS, _("News: something that has happened or is planned")),
            (PostKind.SHARE, _("A link to something that others have published")),
            (PostKind.EVENT, _("An event with a time and a place")),
        ]
        self.fields["kind"].initial = PostKind.NEWS
        if kind is not None:
            del self.fields["kind"]
        if len(authors) == 1:
            self.fields["author"].initial = authors[0].key


def _named(author: Author) -> str:
    return author.subject.full_name if isinstance(author.subject, Area) else author.subject.name


class PostForm(forms.Form):
    """What a post says and where it is read. Its fields follow from the kind of post and from its author.

    With `post` the places where it is read now can be kept, also when its author has left them.
    """

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    link_url = WebAddressField(label=_("Link"), help_text=_("Paste the address of the page that you want to share."))
    title = forms.CharField(label=_("Title"), max_length=160)
    link_title = forms.CharField(label=_("What the page is called"), max_length=200, required=False)
    link_site = forms.CharField(label=_("Who publishes the page"), max_length=120, required=False)
    link_text = forms.CharField(
        label=_("What the page is about"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    event_starts_at = MomentField(label=_("Begins"))
    event_ends_at = MomentField(label=_("Ends"), required=False)
    event_place = forms.CharField(
        label=_("Place"), help_text=_("The name and the address, or how to take part from afar."), max_length=200
    )
    text = RichTextField(label=_("Text"), max_length=LONGEST_TEXT, required=False)
    language = forms.ChoiceField(label=_("Language of the post"))
    municipality = forms.ChoiceField(label=_("In which municipality's feed?"), widget=forms.RadioSelect, required=False)
    network = forms.ChoiceField(label=_("Also in a network's feed?"), widget=forms.RadioSelect, required=False)
    in_county_feed = forms.BooleanField(label=_("Also in the county's and the whole country's feeds"), required=False)

    OF_SHARES = ("link_url", "link_title", "link_site", "link_text")
    OF_EVENTS = ("event_starts_at", "event_ends_at", "event_place")

    def __init__(self, *args: Any, author: Author, kind: str, post: Post | None = None, **kwargs: Any) -> None:
        initial = {**_initial(author, post), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)
        self.author, self.kind = author, kind
        for names, of in ((self.OF_SHARES, PostKind.SHARE), (self.OF_EVENTS, PostKind.EVENT)):
            for name in names if kind != of else ():
                del self.fields[name]
        self.fields["language"].choices = settings.LANGUAGES
        if kind == PostKind.SHARE:
            self.fields["title"].help_text = _("Your own words about the page, or its own title.")
            self.fields["text"].label = _("Why do you share it?")
        for name in self.OF_EVENTS[:2] if kind == PostKind.EVENT else ():
            self.fields[name].country = author.country
        self._choose_places(post)

    def _choose_places(self, post: Post | None) -> None:
        """The places of the author, and where the post is already; what leaves no choice is not asked."""
        self.places: dict[str, Area] = _with_now(self.author.municipalities, post and post.municipality)
        self.networks: dict[str, Network] = _with_now(self.author.networks, post and post.network)
        places = [(key, place.full_name) for key, place in self.places.items()]
        if isinstance(self.author.subject, Network):
            del self.fields["network"]
            places.insert(0, ("", _("None: it is for the whole network")))
        elif self.networks:
            named = [(key, network.name) for key, network in self.networks.items()]
            self.fields["network"].choices = [("", _("No")), *named]
        else:
            del self.fields["network"]
        if self.author.is_county:
            del self.fields["in_county_feed"]
        if len(places) < 2:
            del self.fields["municipality"]
        else:
            self.fields["municipality"].choices = places
            self.fields["municipality"].required = not isinstance(self.author.subject, Network)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("event_starts_at"), cleaned.get("event_ends_at")
        if begins and ends and ends < begins:
            self.add_error("event_ends_at", _("The event ends before it begins."))
        return cleaned

    @property
    def content(self) -> Content:
        """What a valid form says."""
        given = dict(self.cleaned_data)
        given.pop("version")
        place = given.pop("municipality", None)
        if place is None and self.places and not isinstance(self.author.subject, Network):
            place = next(iter(self.places))
        municipality = self.places.get(place or "")
        if self.author.is_county:
            municipality = None
        network = self.networks.get(given.pop("network", ""))
        if isinstance(self.author.subject, Network):
            network = self.author.subject
        return Content(municipality=municipality, network=network, **given)


def _with_now(allowed: Iterable[Any], now: Any) -> dict[str, Any]:
    found = {str(entry.pk): entry for entry in allowed}
    if now is not None:
        found.setdefault(str(now.pk), now)
    return found


def _initial(author: Author, post: Post | None) -> dict[str, Any]:
    if post is None:
        networks = author.networks
        return {
            "language": LANGUAGES.get(author.country, settings.LANGUAGE_CODE),
            "municipality": str(author.municipalities[0].pk) if len(author.municipalities) == 1 else "",
            "network": str(networks[0].pk) if len(networks) == 1 else "",
        }
    names = ("version", "title", "text", "language", "in_county_feed", *PostForm.OF_SHARES, *PostForm.OF_EVENTS)
    return {
        **{name: getattr(post, name) for name in names},
        "municipality": str(post.municipality_id or ""),
        "network": str(post.network_id or ""),
    }


class ScheduleForm(forms.Form):
    """When a draft is to be published."""

    at = MomentField(label=_("When?"), help_text=_("The time of day where the post is told."))

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].country = country


class ReasonForm(forms.Form):
    """Why a post is unpublished by those who wrote it."""

    why = forms.CharField(
        label=_("Why is it unpublished?"),
        help_text=_("The reason is kept with the post. Readers do not see it."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
