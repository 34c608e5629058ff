"""Meetings of whatever host: when and where, the agenda, who came, the minutes, what was decided."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from samkraft.records.machines import Machine, Move
from samkraft.records.models import StoredFile


class MeetingState(models.TextChoices):
    PLANNED = "planned", _("being planned")
    CALLED = "called", _("called")
    HELD = "held", _("held")
    CANCELLED = "cancelled", _("cancelled")


MEETING = Machine(
    name="meeting",
    states=MeetingState.values,
    initial=MeetingState.PLANNED,
    final={MeetingState.CANCELLED, MeetingState.HELD},
    moves=[
        Move(MeetingState.PLANNED, MeetingState.CALLED, who="meetings.may_organise"),
        Move(MeetingState.PLANNED, MeetingState.CANCELLED, who="meetings.may_organise"),
        Move(MeetingState.CALLED, MeetingState.HELD, who="meetings.may_organise"),
        Move(MeetingState.CALLED, MeetingState.CANCELLED, who="meetings.may_organise"),
    ],
)


class Rhythm(models.TextChoices):
    WEEKLY = "weekly", _("every week")
    FORTNIGHTLY = "fortnightly", _("every second week")
    MONTHLY = "monthly", _("every month")
    QUARTERLY = "quarterly", _("every third month")


class HostedQuerySet(models.QuerySet):
    def of(self, host: models.Model) -> Self:
        """What one host holds: a network's umbrella meetings, a gathering's sessions."""
        content_type = ContentType.objects.get_for_model(host)
        return self.filter(host_type=content_type, host_id=host.pk)


class Hosted(models.Model):
    """Held by an object of an app above, which registers in `hosts` who may see, attend and organise."""

    host_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    host_id = models.PositiveBigIntegerField()
    host = GenericForeignKey("host_type", "host_id")

    class Meta:
        abstract = True


class MeetingSeries(Hosted):
    """Meetings that come back: the first is at `begins_at`, the others follow in the rhythm."""

    title = models.CharField(_("title"), max_length=160)
    rhythm = models.CharField(_("how often"), max_length=12, choices=Rhythm.choices)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = HostedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["host_type", "host_id"], name="meeting_series_of_host")]

    def __str__(self) -> str:
        return self.title


class MeetingQuerySet(HostedQuerySet):
    def announced(self) -> Self:
        """Called or held: what anyone may know of. One being planned is for those who may attend."""
        return self.filter(state__in=[MeetingState.CALLED, MeetingState.HELD])

    def once_called(self) -> Self:
        """Announced, or cancelled after that: what a calendar that others read has to tell."""
        return self.filter(called_at__isnull=False)

    def called(self) -> Self:
        return self.filter(state=MeetingState.CALLED)

    def coming(self, now: datetime) -> Self:
        return self.filter(ends_at__gt=now)

    def past(self, now: datetime) -> Self:
        return self.filter(ends_at__lte=now).order_by("-starts_at", "-pk")


class Meeting(Hosted):
    """One meeting. The video link, the agenda, who attends and the minutes are for those who may attend."""

    series = models.ForeignKey(MeetingSeries, models.SET_NULL, null=True, blank=True, related_name="meetings")
    title = models.CharField(_("title"), max_length=160)
    description = models.TextField(_("what it is about"), max_length=5000, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    video_url = models.URLField(_("video link"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=MeetingState.choices, default=MeetingState.PLANNED)
    called_at = models.DateTimeField(null=True, blank=True)
    cancelled_why = models.CharField(_("reason"), max_length=500, blank=True)
    minutes = models.TextField(_("minutes"), blank=True, help_text=_("Sanitised HTML"))
    minutes_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    minutes_version = models.PositiveIntegerField(default=0, help_text=_("Grows with each saving"))
    minutes_approved_at = models.DateTimeField(_("minutes approved"), null=True, blank=True)
    minutes_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    sequence = models.PositiveIntegerField(default=0, help_text=_("Grows when time or place changes, for calendars"))
    uid = models.CharField(max_length=80, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    history = HistoricalRecords()

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="meeting_ends_after_it_begins"
            ),
        ]
        indexes = [
            models.Index(fields=["host_type", "host_id", "starts_at"], name="meeting_of_host_by_time"),
            models.Index(fields=["state", "starts_at"], name="meeting_by_state_and_time"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:meeting", args=[self.pk])


class ItemState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    ACCEPTED = "accepted", _("on the agenda")
    DECLINED = "declined", _("not this time")


class AgendaItem(models.Model):
    """A point of the agenda, with the minutes it may take. Whoever may attend can propose one."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("point"), max_length=160)
    text = models.TextField(_("background"), max_length=3000, blank=True)
    minutes_long = models.PositiveSmallIntegerField(_("how many minutes"), default=10)
    state = models.CharField(max_length=10, choices=ItemState.choices, default=ItemState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    declined_why = models.CharField(_("reason"), max_length=300, blank=True)
    notes = models.TextField(_("what was said"), blank=True, help_text=_("Sanitised HTML"))
    notes_version = models.PositiveIntegerField(default=0, help_text=_("Grows with each saving"))

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title


class Answer(models.TextChoices):
    NONE = "none", _("no answer yet")
    YES = "yes", _("coming")
    MAYBE = "maybe", _("perhaps coming")
    NO = "no", _("not coming")


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def not_refused(self) -> Self:
        """Those to tell of changes: all invited who have not said no."""
        return self.exclude(invited_at=None).exclude(answer=Answer.NO)


class Attendance(models.Model):
    """One who is invited to a meeting, answers, and comes or not; for which party, and whether they may decide.

    A person with an account has one row for each party they come for, and is named by the account. Somebody
    without an account is named here. `told_at` is when they last heard of time and place, `reminded_days` the
    last reminder that they got since then.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(max_length=2, blank=True, help_text=_("Of somebody without an account"))
    party_type = models.ForeignKey(ContentType, models.PROTECT, null=True, blank=True, related_name="+")
    party_id = models.PositiveBigIntegerField(null=True, blank=True)
    party = GenericForeignKey("party_type", "party_id")
    party_name = models.CharField(_("for"), max_length=160, blank=True)
    is_decision_maker = models.BooleanField(_("can decide for it"), default=False)
    answer = models.CharField(max_length=6, choices=Answer.choices, default=Answer.NONE)
    answered_at = models.DateTimeField(null=True, blank=True)
    was_present = models.BooleanField(_("was there"), default=False)
    invited_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    reminded_days = models.PositiveSmallIntegerField(null=True, blank=True)
    instead_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["party_name", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "user", "party_type", "party_id"],
                condition=models.Q(user__isnull=False),
                name="attendance_once_for_a_party",
            ),
            models.UniqueConstraint(
                fields=["meeting", "user"],
                condition=models.Q(user__isnull=False, party_id=None),
                name="attendance_once_without_party",
            ),
            models.UniqueConstraint(
                fields=["meeting", "email"],
                condition=models.Q(user=None) & ~models.Q(email=""),
                name="attendance_once_for_an_address",
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """How others see the person. An address is never shown in a name's place."""
        name = self.user.name if self.user is not None else self.name
        return name or str(_("Somebody who has not given a name"))


class MeetingDecision(models.Model):
    """What a meeting decided, who sees to it and by when."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions")
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField(_("decision"), max_length=2000)
    responsible = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    responsible_name = models.CharField(_("who sees to it"), max_length=160)
    due_on = models.DateField(_("by"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:80]


class MeetingFile(models.Model):
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="files")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=160)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class CalendarKey(models.Model):
    """The secret part of the address at which a person's own calendar program reads their meetings."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar of {self.user_id}"
