"""Pictures in the text of a resource: added with what they show in words, and taken out again."""

from __future__ import annotations

from pathlib import PurePath

from django.db import transaction
from django.utils.text import slugify

from portal.actions import record
from portal.models import User, Verb
from portal.pictures import Picture
from resources import text
from resources.desk import states
from resources.desk.states import Deed, ResourceStateError
from resources.desk.writing import held, name_of, wrote
from resources.models import Resource, ResourcePicture

MOST_PICTURES = 20  # of one resource
LONGEST_NAME = 50  # letters, when it is made of the name of a file


class TooManyPicturesError(ResourceStateError):
    """A resource has no room for more."""

    def __init__(self) -> None:
        super().__init__(f"A resource has {MOST_PICTURES} pictures at most. Remove one first.")


class SamePictureError(ResourceStateError):
    """The very same picture is there already."""

    def __init__(self, there: ResourcePicture) -> None:
        super().__init__(f"This very picture is there already, as “{there}”. Nothing is changed.")


class PictureChangedError(ResourceStateError):
    """Somebody else changed its words meanwhile."""

    def __init__(self, theirs: str) -> None:
        super().__init__(
            f"Somebody else changed this meanwhile, to: “{theirs}” "
            "Saving puts yours in the place of theirs."
        )


@transaction.atomic
def add(
    *, resource: Resource, file_name: str, picture: Picture, alt: str, by: User
) -> ResourcePicture:
    resource = held(resource.pk)
    states.check(resource, Deed.EDIT)
    there = {one.sha256: one for one in resource.pictures.light()}
    if picture.sha256 in there:
        raise SamePictureError(there[picture.sha256])
    if len(there) >= MOST_PICTURES:
        raise TooManyPicturesError
    made = resource.pictures.create(
        name=free_name(file_name, {one.name for one in there.values()}),
        image=picture.content,
        media_type=picture.media_type,
        sha256=picture.sha256,
        width=picture.width,
        height=picture.height,
        alt=alt,
        added_by=by,
    )
    wrote(resource, by, beside=f"Pictures: {made} added.")
    record(by=by, verb=Verb.ADDED, subject=f"the picture {made} to {name_of(resource)}")
    return made


@transaction.atomic
def describe(*, picture: ResourcePicture, alt: str, as_read: str, by: User) -> None:
    """Say in other words what it shows."""
    resource = held(picture.resource_id)
    states.check(resource, Deed.EDIT)
    now = resource.pictures.light().get(pk=picture.pk)
    if now.alt == alt:
        return
    if now.alt != as_read:
        raise PictureChangedError(now.alt)
    now.alt = alt
    now.save(update_fields=["alt"])
    wrote(resource, by, beside=f"Pictures: {now} shows “{alt}”.")
    record(by=by, verb=Verb.CHANGED, subject=f"the picture {now} of {name_of(resource)}")


@transaction.atomic
def remove(*, picture: ResourcePicture, by: User) -> None:
    """Let go of a picture for good: it may be of somebody who does not wish to be seen."""
    resource = held(picture.resource_id)
    states.check(resource, Deed.EDIT)
    deleted, _ = resource.pictures.filter(pk=picture.pk).delete()
    if deleted:
        wrote(resource, by, beside=f"Pictures: {picture} removed.")
        record(by=by, verb=Verb.REMOVED, subject=f"the picture {picture} of {name_of(resource)}")


def free_name(file_name: str, taken: set[str]) -> str:
    """What the text calls it: made of the name of the file, that no other has."""
    start = slugify(PurePath(file_name).stem)[:LONGEST_NAME].strip("-_") or "picture"
    number, name = 1, start
    while name in taken:
        number += 1
        name = f"{start}-{number}"
    return name


def is_shown(picture: ResourcePicture, resource: Resource) -> bool:
    return picture.name in text.pictures_in(resource.body)
