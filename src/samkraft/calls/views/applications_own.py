"""An application as its holder sees it: where it stands, and what can be done with it."""

import json
import zipfile
from io import BytesIO

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samkraft.records.files import path_of
from samkraft.records.refusals import Refused
from samkraft.ui.access import public

from ..links import token_of
from ..models import DRAWN_STATES, Application, ApplicationState, CallState
from ..operations import applications_erasing, applications_sending
from ..operations.decisions_telling import reply_address
from ..queries import applications as queries
from ..queries import decisions
from ..queries.applications_export import everything_in, files_of
from ..queries.applications_state import standing_of
from ..queries.decisions_told import told
from ..queries.selection import chance_of
from ..rules.answers import Typed
from .applications_fetching import own, own_crumbs

AFTER_COMMITMENT = (CallState.COMMITTED, *DRAWN_STATES)


@own
@require_safe
def overview(request: HttpRequest, application: Application) -> HttpResponse:
    """Where the application stands through the whole way, what was sent in, and what its holder can do."""
    was_sent_in = application.submitted_at is not None
    has_unsent = queries.has_unsent(application)
    now, decision = timezone.now(), decisions.told_to(application)
    chance = chance_of(application) if application.call.state in AFTER_COMMITMENT else None
    context = {
        **_about(application),
        "standing": standing_of(application, now, was_drawn=decision is None or chance is not None),
        "rows": queries.rows_sent_in(application) if was_sent_in else [],
        "has_unsent": has_unsent,
        "written": _written(application) if has_unsent or not was_sent_in else [],
        "told": told(decision, now) if decision is not None else None,
        "reply_url": reply_address(decision) if decision is not None else "",
        "chance": chance,
    }
    return render(request, "calls/application.html", context)


def _written(application: Application) -> list[queries.Row]:
    """What stands in the form and was not sent in."""
    typed = Typed.of(application.working)
    return queries.rows_in_form(
        application,
        typed,
        list(application.call.questions.all()),
        queries.attached_to(application),
        queries.place_of(application.call, typed),
    )


def _about(application: Application, *titles: str) -> dict[str, object]:
    crumbs = own_crumbs(application, *titles)
    return {"application": application, "call": application.call, "token": token_of(application), "crumbs": crumbs}


@own
def withdraw(request: HttpRequest, application: Application) -> HttpResponse:
    """Asks before it withdraws."""
    token = token_of(application)
    if request.method != "POST":
        if application.state != ApplicationState.SUBMITTED:
            return redirect("calls:application", token)
        about = _about(application, _("Withdraw the application"))
        context = {**about, "standing": standing_of(application, timezone.now())}
        return render(request, "calls/application_withdraw.html", context)
    try:
        applications_sending.withdraw(application=application, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Your application is withdrawn."))
    return redirect("calls:application", token)


@own
@require_POST
def restore(request: HttpRequest, application: Application) -> HttpResponse:
    try:
        applications_sending.restore(application=application, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Your application is back as it was sent in. We have mailed you a receipt."))
    return redirect("calls:application", token_of(application))


@own
@require_safe
def data(request: HttpRequest, application: Application) -> HttpResponse:
    """All that is kept about the applicant: one file of data, and the files that were added."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        told = json.dumps(everything_in(application), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        archive.writestr("application.json", told)
        for file in files_of(application):
            if default_storage.exists(path_of(file)):
                with default_storage.open(path_of(file)) as stored:
                    archive.writestr(f"files/{file.pk}-{file.name}", stored.read())
    response = HttpResponse(content.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="application.zip"'
    return response


@own
def erase(request: HttpRequest, application: Application) -> HttpResponse:
    """Asks before it erases, since nobody can undo it."""
    if request.method != "POST":
        about = _about(application, _("Erase my application"))
        context = {**about, "standing": standing_of(application, timezone.now())}
        return render(request, "calls/application_erase.html", context)
    try:
        applications_erasing.erase(application=application, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("calls:application", token_of(application))
    return redirect("calls:application_erased")


@public
@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    """The receipt, for one who has nothing left here to look at."""
    return render(request, "calls/application_erased.html")
