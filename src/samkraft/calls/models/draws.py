"""A draw: the lottery that was committed to, its public number, and what came of it.

Nothing of a draw is changed once it is drawn; the files' digests and the log tell if somebody did.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from samkraft.records.machines import Machine, Move

from .applications import Application
from .calls import Call


class DrawState(models.TextChoices):
    WAITING = "waiting", _("waiting to be computed")
    COMPUTING = "computing", _("being computed")
    FAILED = "failed", _("not possible")
    CANCELLED = "cancelled", _("stopped")
    COMMITTED = "committed", _("ready for the draw")
    WITHDRAWN = "withdrawn", _("taken back")
    DRAWN = "drawn", _("drawn")


_S = DrawState
_WHO = "calls.organises_for_draw"
DRAW = Machine(
    name="draw",
    states=_S.values,
    initial=_S.WAITING,
    final={_S.FAILED, _S.CANCELLED, _S.WITHDRAWN, _S.DRAWN},
    moves=[
        Move(_S.WAITING, _S.COMPUTING, who=_WHO, by_clock=True),
        Move(_S.WAITING, _S.CANCELLED, who=_WHO, by_clock=True),
        Move(_S.COMPUTING, _S.COMMITTED, who=_WHO, by_clock=True),
        Move(_S.COMPUTING, _S.FAILED, who=_WHO, by_clock=True),
        Move(_S.COMPUTING, _S.CANCELLED, who=_WHO, by_clock=True),
        Move(_S.COMMITTED, _S.WITHDRAWN, who=_WHO),
        Move(_S.COMMITTED, _S.DRAWN, who=_WHO),
    ],
)


class DrawQuerySet(models.QuerySet["Draw"]):
    def real(self) -> Self:
        return self.filter(is_test=False)

    def standing(self) -> Self:
        """Those that count: neither tests nor failed, stopped or taken back."""
        return self.real().exclude(state__in=[DrawState.FAILED, DrawState.CANCELLED, DrawState.WITHDRAWN])


class Draw(models.Model):
    """One lottery over the applications of a call. A test draw is marked as one and decides nothing.

    `limits` are the rules as they stood, with the words of their values, so that the report can be made when the
    call has changed. `results` holds the lottery's report. `progress` is 0 to 100 per cent.
    """

    call = models.ForeignKey(Call, models.PROTECT, related_name="draws")
    is_test = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=10, choices=DrawState.choices, default=_S.WAITING)
    method = models.CharField(max_length=10, default="leximin")
    seats = models.PositiveIntegerField()
    limits = models.JSONField(default=dict)
    results = models.JSONField(default=dict, blank=True)
    why = models.TextField(blank=True, help_text=_("Why it failed or was taken back"))
    step = models.CharField(max_length=200, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)
    is_stopping = models.BooleanField(default=False)
    seed = models.CharField(_("number"), max_length=300, blank=True)
    seed_url = models.URLField(_("where anyone can see the number"), max_length=500, blank=True)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField()
    committed_at = models.DateTimeField(null=True, blank=True)
    drawn_at = models.DateTimeField(null=True, blank=True)

    objects = DrawQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            # Two people who press at the same moment: one begins, the other is told.
            models.UniqueConstraint(
                fields=["call"],
                condition=models.Q(is_test=False, state__in=["waiting", "computing", "committed", "drawn"]),
                name="draw_one_standing",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="drawn") | (~models.Q(seed="") & models.Q(drawn_at__isnull=False)),
                name="draw_drawn_has_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call_id}: {self.state}"


class DrawFile(models.Model):
    """A file of a draw, as `samkraft draw` writes it. Public ones hold random ids and type numbers only."""

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="files")
    name = models.CharField(max_length=60)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    is_public = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["draw", "name"], name="draw_file_once")]

    def __str__(self) -> str:
        return self.name


class PoolMember(models.Model):
    """An application in a draw: its random id and salt, its features then, its type, and its chances.

    When the applicant is erased, `application`, `salt`, `features` and the chances go; the id stays in the public
    files and leads to nobody.
    """

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="pool")
    application = models.ForeignKey(Application, models.SET_NULL, null=True, related_name="+")
    public_id = models.CharField(max_length=32)
    salt = models.CharField(max_length=64, blank=True)
    features = models.JSONField(default=dict)
    type_number = models.PositiveIntegerField(null=True)
    optimal = models.FloatField(null=True)
    drawn = models.FloatField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "public_id"], name="pool_member_id_once"),
            models.UniqueConstraint(fields=["draw", "application"], name="pool_member_once"),
        ]

    def __str__(self) -> str:
        return self.public_id


class SeedEntry(models.Model):
    """A number that one of two people entered; neither sees the other's before both are in."""

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["draw", "by"], name="seed_entry_once_by_person")]

    def __str__(self) -> str:
        return f"{self.draw_id} by {self.by_id}"


class DrawEvent(models.Model):
    """Something about a draw that is to be seen later: a refused change of number, a second press, a test."""

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=30)
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.draw_id}: {self.kind}"
