"""Taking the figures of a year into its annual review: dated, and kept until taken anew."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from actionplans.models import first_day
from portal.models import User
from resources.models import AnnualReview
from resources.reviews import states, writing
from resources.reviews.figures import assessments, library, own, services, spread, targets
from resources.reviews.figures.memory import Memory
from resources.reviews.figures.shape import Figures
from resources.reviews.figures.window import Window, in_words
from resources.reviews.states import Deed


@transaction.atomic
def take(*, review: AnnualReview, by: User) -> bool:
    """Put the figures as they are now into the review. Whether that changed anything."""
    # Of all reviews of this year at once: each telling looks at those before it.
    list(AnnualReview.objects.locked().filter(year=review.year).order_by("pk").values_list("pk"))
    held = writing.held(review.pk)
    states.check(held, Deed.WRITE)
    now = timezone.now()
    figures = tell(held.year, timezone.localdate(now))
    figures["own"] = own.told(held)
    if held.figures == figures:
        return False
    held.figures, held.figures_at = figures, now
    writing.wrote(held, by, ["figures", "figures_at"])
    return True


def tell(year: int, today: dt.date) -> Figures:
    """All that may be told of a year today: as many queries for one service as for ten thousand.

    What is told of services is written down, so that it is asked for within a transaction.
    """
    window = Window(year, today)
    memory = Memory(year)
    involved = services.read(window)
    all_services = assessments.everybody()
    in_public = targets.open_books()
    of_targets = targets.read(window, memory, in_public)
    of_library, kinds = library.read(window)
    figures = Figures(
        taken_on=in_words(today),
        from_on=in_words(window.first),
        until_on=in_words(window.until),
        numbers=[
            *services.numbers(window, involved),
            assessments.finished(window, memory, all_services),
            assessments.raters(window, memory),
            targets.plans(window, memory, all_services, in_public),
            *targets.numbers(window, of_targets),
            *of_library,
        ],
        charts=[
            services.by_region(window, involved),
            *spread.read(window),
            assessments.priorities(window, memory, all_services),
            targets.chart(window, of_targets),
            kinds,
        ],
        involved=services.involved(window, involved),
        own=[],
    )
    memory.keep()
    return figures


def is_of_another_year(review: AnnualReview) -> bool:
    """Whether the review was given another year after its figures were taken."""
    first = review.figures.get("from_on", "")
    return bool(first) and first != in_words(first_day(review.year))
