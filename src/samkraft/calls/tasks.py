"""Work that is too long for a reader to wait for. The worker does it; nothing is lost when it stops in the middle."""

from django.utils import timezone
from django_tasks import task

from .operations import draws_computing


@task()
def compute_draw(draw_id: int) -> None:
    """Find the lottery of a draw that waits for it."""
    draws_computing.compute(pk=draw_id, clock=timezone.now)
