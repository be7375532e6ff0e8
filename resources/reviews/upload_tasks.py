"""What the worker does for an earlier review that was uploaded: its pages, the virus scanner.

Only the worker loads this module: pikepdf would cost every web process its memory.
"""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from actionplans.following.scanning import is_clean
from portal.models import User
from portal.papers import PaperState
from resources.desk.tasks import pages_of
from resources.models import Printing, ReviewState
from resources.reviews import writing
from resources.reviews.uploads import LOOK

log = logging.getLogger(__name__)

REFUSED = "The virus scanner refused the PDF, so it is not kept. Discard this review."


@app.task(name=LOOK, retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def look_at_upload(printing_id: int) -> None:
    """Count the pages of an uploaded PDF, and scan it. Doing it twice changes nothing more."""
    made = Printing.objects.filter(pk=printing_id, state=PaperState.READY).first()
    if made is None or made.content is None:
        return
    content = bytes(made.content)
    Printing.objects.filter(pk=printing_id).update(pages=pages_of(content))
    if settings.SCAN_COMMAND and not is_clean(content):
        log.warning("The PDF of review %s was refused by the scanner", made.review_id)
        refuse(made=made, by=made.requested_by)


@transaction.atomic
def refuse(*, made: Printing, by: User) -> None:
    """Nobody takes it from now on, nor any backup: the review is a draft, and says why."""
    review = writing.held(made.review_id)
    Printing.objects.filter(pk=made.pk).update(
        state=PaperState.FAILED, content=None, finished_at=None, size=0, pages=None
    )
    review.state, review.note = ReviewState.DRAFT, REFUSED
    review.moved_at, review.moved_by = timezone.now(), by
    review.save(update_fields=["state", "note", "moved_at", "moved_by"])
