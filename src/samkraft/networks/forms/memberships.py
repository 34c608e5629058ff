"""What is asked when an actor joins, renews and leaves, and when somebody decides about it."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samkraft.records.file_fields import DocumentField
from samkraft.ui.fields import WebAddressField

from ..models import Actor, ConditionVersion, EvidenceKind
from ..operations.fulfilments import Evidence
from ..queries.memberships import date_problem
from ..rules import memberships as dates


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


def words_field(label: Any, help_text: Any, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=2000, required=required, widget=forms.Textarea(attrs={"rows": 4})
    )


class EvidenceForm(forms.Form):
    """Evidence of the kind that the version asks for. `additions` and `message` are asked where they fit."""

    def __init__(self, *args: Any, version: ConditionVersion, with_message: bool, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        self.today = today
        getattr(self, f"_ask_{version.evidence_kind}")()
        if version.additions:
            self.fields["additions"] = words_field(
                _("What you add of your own will"), _("Everyone can read this, beside your evidence.")
            )
        if with_message:
            self.fields["message"] = words_field(
                _("A message to the network"), _("Only those who convene the network read it.")
            )

    def _ask_pledge(self) -> None:
        self.fields["url"] = WebAddressField(
            label=_("Link to your signed pledge"),
            help_text=_("The page on which everyone can see that you have signed."),
        )
        self.fields["on"] = forms.DateField(
            label=_("Date of signing"), help_text=_("If you know it."), required=False, widget=DateInput()
        )

    def _ask_description(self) -> None:
        self.fields["url"] = WebAddressField(
            label=_("Link to the leader's own description"),
            help_text=_(
                "The page on which your leader tells personally about the transition. Everyone must be able to read it."
            ),
        )
        earliest = dates.add_months(self.today, -self.version.lasts_months)
        self.fields["on"] = forms.DateField(
            label=_("Date of publication"),
            help_text=_("The date that stands on the description. A description that is too old does not count."),
            widget=DateInput(attrs={"min": earliest.isoformat(), "max": self.today.isoformat()}),
        )

    def _ask_document(self) -> None:
        self.fields["upload"] = DocumentField(
            label=_("Document"),
            help_text=_(
                "Only the people of your actor and those who check it can read the document. "
                "Everyone can see that a document has been checked."
            ),
        )
        self.fields["on"] = forms.DateField(
            label=_("Date of the document"), help_text=_("If it has one."), required=False, widget=DateInput()
        )

    def clean_on(self) -> date | None:
        on: date | None = self.cleaned_data["on"]
        problem = date_problem(self.version, on, self.today)
        if problem is not None:
            raise forms.ValidationError(str(problem))
        return on

    def evidence(self) -> Evidence:
        """What was handed in, once the form is valid."""
        data = self.cleaned_data
        return Evidence(
            version=self.version,
            url=data.get("url", ""),
            on=data.get("on"),
            upload=data.get("upload"),
            additions=data.get("additions", ""),
        )


def evidence_to_begin_with(version: ConditionVersion, actor: Actor, earlier: Any) -> dict[str, Any]:
    """What the form is filled in with: what the actor has told about itself, or the link that it gave last."""
    if version.evidence_kind == EvidenceKind.DESCRIPTION:
        return {"url": actor.description_url, "on": actor.described_on}
    if version.evidence_kind == EvidenceKind.PLEDGE and earlier is not None:
        return {"url": earlier.evidence_url, "on": earlier.evidence_on, "additions": earlier.additions}
    return {}


class InterestForm(forms.Form):
    message = words_field(_("What would you like to know, or tell?"), _("Those who convene the network read it."))


class ReasonForm(forms.Form):
    """Why somebody asks, declines or ends. The actor reads it; the public does not."""

    why = words_field(_("Reason"), _("The actor gets your words by mail. Nobody else sees them."), required=True)


class LeaveForm(forms.Form):
    why = words_field(_("Why, if you like to tell"), _("Those who convene the network read it."))


class RemindForm(forms.Form):
    message = words_field(_("A few words of your own"), _("They stand first in the mail."))
