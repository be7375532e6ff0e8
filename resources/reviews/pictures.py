"""Pictures in the chapters of a review, each with what it shows in words.

What a picture is never changes: another file is another picture in its place. So whoever keeps
its address may keep what is there, and a published version shows what it showed.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from portal.models import User
from portal.pictures import Picture as Pixels
from resources.models import AnnualReview, Chapter, Picture
from resources.reviews import places, writing
from resources.reviews.states import ReviewStateError

MOST = 12  # in a chapter


class TooManyPicturesError(ReviewStateError):
    """A chapter has no room for another."""

    def __init__(self) -> None:
        super().__init__(f"A chapter has {MOST} pictures at most. Remove one first.")


@transaction.atomic
def add(*, chapter: Chapter, pixels: Pixels, alt: str, credit: str, by: User) -> Picture:
    """A new picture, after those that are there. Added twice it is one."""
    review, chapter = writing.held_to_write(chapter)
    beside = list(chapter.pictures.in_use().light())
    wanted = (pixels.sha256, alt, credit)
    if twin := next((one for one in beside if (one.sha256, one.alt, one.credit) == wanted), None):
        return twin
    if len(beside) >= MOST:
        raise TooManyPicturesError
    picture = keep(chapter, places.last(beside), pixels, alt, credit, by)
    writing.wrote(review, by)
    return picture


@transaction.atomic
def change(
    *, picture: Picture, alt: str, credit: str, by: User, pixels: Pixels | None = None
) -> bool:
    """Say anew what it shows and whose it is, or put another in its place; False for no change."""
    review, chapter = writing.held_to_write(picture.chapter)
    picture = chapter.pictures.in_use().light().get(pk=picture.pk)
    if pixels and pixels.sha256 != picture.sha256:
        keep(chapter, picture.order, pixels, alt, credit, by)
        put_away(picture)
    elif (picture.alt, picture.credit) == (alt, credit):
        return False
    else:
        picture.alt, picture.credit = alt, credit
        picture.save(update_fields=["alt", "credit"])
    writing.wrote(review, by)
    return True


def keep(chapter: Chapter, order: int, pixels: Pixels, alt: str, credit: str, by: User) -> Picture:
    return chapter.pictures.create(
        image=pixels.content,
        media_type=pixels.media_type,
        sha256=pixels.sha256,
        width=pixels.width,
        height=pixels.height,
        alt=alt,
        credit=credit,
        order=order,
        added_by=by,
    )


@transaction.atomic
def move(*, picture: Picture, up: bool, by: User) -> None:
    """Change places with the one above or below; at the end nothing happens."""
    review, chapter = writing.held_to_write(picture.chapter)
    if places.move(picture, chapter.pictures.in_use().light(), up=up):
        writing.wrote(review, by)


@transaction.atomic
def remove(*, picture: Picture, by: User) -> None:
    """Take a picture out: gone for good, or once the version that shows it has been replaced."""
    review, chapter = writing.held_to_write(picture.chapter)
    there = chapter.pictures.in_use().light().filter(pk=picture.pk).first()
    if there:
        put_away(there)
        writing.wrote(review, by)


def put_away(picture: Picture) -> None:
    picture.removed_at = timezone.now()
    picture.save(update_fields=["removed_at"])
    Picture.objects.filter(pk=picture.pk).forgettable().delete()


def forget_unused(review: AnnualReview) -> None:
    """Let go of removed pictures that nobody needs any more: called where a version is published.

    Those that the newest version shows stay, and those of what the worker has still to make. Till
    then a chapter that was taken out can be put back with its pictures.
    """
    Picture.objects.filter(chapter__review=review).forgettable().delete()
