"""Forms about the people of an actor or a network."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ..models import ActorPerson, ActorRole, NetworkRole
from ..queries.offers import Circle

WHAT_ROLES_DO = {
    ActorRole: _(
        "An editor writes for the actor. A contact answers for it: invites others, changes what is told about it and"
        " applies to networks."
    ),
    NetworkRole: _(
        "A convener decides who is a member and what is published. An editor writes in the network's feed. A contact"
        " answers questions."
    ),
}


class OfferForm(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Only the holder of exactly this address can accept the invitation."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, circle: Circle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, capfirst(role.label)) for role in circle.roles]
        self.fields["role"].help_text = WHAT_ROLES_DO[circle.roles]


class OwnRoleForm(forms.Form):
    """What a person chooses about a role of their own. Only somebody for an actor decides for it."""

    is_public = forms.BooleanField(
        label=_("Show my name to everyone"),
        help_text=_("Then your name and role stand on the public page. Your e-mail address is never shown."),
        required=False,
    )
    is_decision_maker = forms.BooleanField(
        label=_("I can decide for the actor"),
        help_text=_("It is shown when you come to a meeting, so that others know what can be decided there."),
        required=False,
    )

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        initial = {"is_public": person.is_public, "is_decision_maker": getattr(person, "is_decision_maker", False)}
        super().__init__(*args, initial=initial, **kwargs)
        if not isinstance(person, ActorPerson):
            del self.fields["is_decision_maker"]
