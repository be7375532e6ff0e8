"""Figures that the team counted itself: they stand in the snapshot as soon as they are saved."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from portal.models import User
from resources.models import AnnualReview, OwnFigure
from resources.reviews import states, writing
from resources.reviews.figures.shape import Figures, Own
from resources.reviews.states import Deed


def told(review: AnnualReview) -> list[Own]:
    return [
        Own(name=one.name, value=one.value, definition=one.definition)
        for one in review.own_figures.all()
    ]


@transaction.atomic
def add(*, review: AnnualReview, figure: OwnFigure, by: User) -> OwnFigure:
    """A new figure, after those that are there. Added twice it is one."""
    held = held_to_write(review.pk)
    said = {"name": figure.name, "value": figure.value, "definition": figure.definition}
    if twin := held.own_figures.filter(**said).first():
        return twin
    last = held.own_figures.aggregate(last=Max("order"))["last"]
    figure.review, figure.order = held, 0 if last is None else last + 1
    figure.save()
    wrote(held, by)
    return figure


@transaction.atomic
def change(*, figure: OwnFigure, by: User) -> None:
    """Save it as it is now; the view has looked at what somebody else saved meanwhile."""
    held = held_to_write(figure.review_id)
    figure.save()
    wrote(held, by)


@transaction.atomic
def remove(*, figure: OwnFigure, by: User) -> None:
    """Twice is no harm."""
    held = held_to_write(figure.review_id)
    removed, _ = held.own_figures.filter(pk=figure.pk).delete()
    if removed:
        wrote(held, by)


def held_to_write(pk: int) -> AnnualReview:
    review = writing.held(pk)
    states.check(review, Deed.WRITE)
    return review


def wrote(review: AnnualReview, by: User) -> None:
    """The other figures stay as they were taken, whenever that was."""
    review.figures = {**(review.figures or nothing_taken()), "own": told(review)}
    writing.wrote(review, by, ["figures"])


def nothing_taken() -> Figures:
    return Figures(taken_on="", from_on="", until_on="", numbers=[], charts=[], involved=[], own=[])
