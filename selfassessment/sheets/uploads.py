"""Bringing in workbooks: kept until they are read, looked at, then taken in whole or not at all.

Whoever takes one in holds the audit, then the response, then the upload, as handing in does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from procrastinate.contrib.django import app
from procrastinate.types import JSONDict

from portal.actions import record
from portal.models import User, Verb
from selfassessment import actions
from selfassessment.actions import Entry
from selfassessment.asking import invites
from selfassessment.models import (
    Audit,
    Rating,
    Respondent,
    Response,
    Source,
    Statement,
    Upload,
    UploadState,
    Via,
)
from selfassessment.models.upload import UploadQuerySet
from selfassessment.sheets.found import FILE, Found, beside, onto

READ = "selfassessment.read_upload"  # the worker's task, by name: see upload_tasks.py
MOST_FILES = 50
MOST_BYTES = 5_000_000
KEPT = timedelta(days=30)  # what was read and never taken in
LONGEST_NAME = 200


class UploadGoneError(Exception):
    """The upload is not waiting to be taken in any more."""

    def __init__(self) -> None:
        super().__init__("This file was taken in or discarded already. Nothing was changed.")


class NotChosenError(Exception):
    """File and portal both changed, and nobody has said which counts."""


class ChangedMeanwhileError(Exception):
    """The ratings changed since they were shown beside the file."""

    def __init__(self) -> None:
        super().__init__(
            "Your ratings changed in the portal since you opened this page. Nothing was taken in. "
            "Have another look at what differs now."
        )


# Bringing in


@transaction.atomic
def add(
    *, audit: Audit, files: Sequence[UploadedFile[bytes]], role_group: str, by: User
) -> list[Upload]:
    """Bring in workbooks, each of which becomes somebody who rates."""
    audit = invites.held_to_ask(audit)
    return keep(Upload(**one, role_group=role_group) for one in rows(audit, files, by))


@transaction.atomic
def add_own(*, response: Response, file: UploadedFile[bytes], by: User) -> Upload:
    """Bring in a workbook for one's own ratings."""
    held = actions.lock_open(response)
    [upload] = keep(Upload(**one, response=held) for one in rows(held.audit, [file], by))
    return upload


def rows(audit: Audit, files: Iterable[UploadedFile[bytes]], by: User) -> list[dict[str, object]]:
    """What there is to keep of each file. One that is too large is not kept at all."""
    found: list[dict[str, object]] = []
    for file in files:
        kept = {
            "audit": audit,
            "file_name": (file.name or "workbook.xlsx")[-LONGEST_NAME:],
            "name": "" if audit.is_anonymous else name_of(audit, file.name or ""),
            "uploaded_by": by,
        }
        trouble = ""
        if not file.size:
            trouble = "This file is empty."
        elif file.size > MOST_BYTES:
            trouble = f"This file has more than {MOST_BYTES // 1_000_000} MB."
        if trouble:
            found.append({**kept, "state": UploadState.REFUSED, "trouble": trouble})
        else:
            found.append({**kept, "content": file.read()})
    return found


def name_of(audit: Audit, file_name: str) -> str:
    """Whose it may be, as the file is called; nothing where it is still called as we named it."""
    stem = PurePath(file_name).stem.replace("_", " ").strip()
    ours = slugify(f"{audit.service.slug} self-assessment")
    return "" if slugify(stem).startswith(ours) else " ".join(stem.split())[:120]


def keep(uploads: Iterable[Upload]) -> list[Upload]:
    kept = Upload.objects.bulk_create(uploads)
    jobs: list[JSONDict] = [{"upload_id": one.pk} for one in kept if one.is_unread]
    if jobs:
        app.configure_task(READ).batch_defer(*jobs)
    return kept


# Taking in


def held(upload: Upload) -> Upload:
    """The upload as it is now, locked, if it can still be taken in."""
    locked = Upload.objects.light().select_for_update(of=("self",)).filter(pk=upload.pk).first()
    if locked is None or not locked.is_ready:
        raise UploadGoneError
    return locked


@transaction.atomic
def take_in(*, upload: Upload, hands_in: bool, by: User) -> None:
    """Make somebody who rates of a file, with all that it says.

    In an anonymous self-assessment it is handed in at once, and nothing is left of the upload.
    """
    audit = invites.held_to_ask(upload.audit)
    upload = held(upload)
    response = write(audit, upload, asked_of(audit, upload.role_group), by)
    if hands_in or audit.is_anonymous:
        actions.hand_in(response=response, by=by)


@transaction.atomic
def take_in_all(
    *, audit: Audit, uploads: Iterable[Upload], hands_in: bool, by: User
) -> list[tuple[Upload, str]]:
    """The same for many files; those that were refused, each with the reason."""
    audit = invites.held_to_ask(audit)
    asked: dict[str, list[Statement]] = {}
    written, refused = [], []
    for upload in uploads:
        try:
            now = held(upload)
            group = now.role_group
            asked[group] = asked.get(group) or asked_of(audit, group)
            require_rated(now, asked[group])
            written.append(write(audit, now, asked[group], by))
        except (UploadGoneError, actions.NotReadyError) as refusal:
            refused.append((upload, str(refusal)))
    if (hands_in or audit.is_anonymous) and written:
        actions.hand_in_all(responses=written, by=by)
    return refused


def asked_of(audit: Audit, role_group: str) -> list[Statement]:
    """What people of a role group are asked."""
    return list(Response(audit=audit, role_group=role_group).statements())


def require_rated(upload: Upload, asked: Iterable[Statement]) -> None:
    answers = Found.of_json(upload.found).answers
    if not any(answers.get(one.pk, {}).get("rating") for one in asked):
        raise actions.NotReadyError("It rates nothing that this role group is asked.")


def write(audit: Audit, upload: Upload, asked: Iterable[Statement], by: User) -> Response:
    """The ratings of whoever filled in a file. Handed in anonymously they go, and it with them."""
    now = timezone.now()
    respondent = Respondent.objects.create(
        audit=audit,
        source=Source.WORKBOOK,
        name=upload.name,
        role_group=upload.role_group,
        asked_at=now,
        asked_by=by,
        begun_at=now,
        opened_at=now,
    )
    response = Response.objects.create(
        audit=audit, respondent=respondent, role_group=upload.role_group
    )
    answers = Found.of_json(upload.found).answers
    Rating.objects.bulk_create(
        onto(Entry(), answers[statement.pk]).onto(
            Rating(response=response, statement=statement, saved_by=by, via=Via.IMPORT)
        )
        for statement in asked
        if statement.pk in answers
    )
    record(by=by, verb=Verb.IMPORTED, subject=f"a workbook into {audit}", service=audit.service)
    finish(upload, response)
    return response


@transaction.atomic
def take_in_own(*, upload: Upload, choices: Mapping[int, str], as_read: str, by: User) -> int:
    """Write what was chosen of a file into one's own ratings; how many statements that were.

    `choices` say by statement id which side counts; `as_read` names the ratings as they were
    shown beside the file.
    """
    if upload.response is None:
        raise UploadGoneError
    response = actions.lock_open(upload.response)
    upload = held(upload)
    ratings = {rating.statement_id: rating for rating in response.ratings.all()}
    if as_read != state_of(ratings.values()):
        raise ChangedMeanwhileError
    written = 0
    for one in beside(Found.of_json(upload.found), response.statements(), ratings).differences:
        choice = choices.get(one.statement.pk) or one.choice
        if not choice:
            raise NotChosenError(
                f"Choose which counts for {one.statement.code}: the file, or what is in the portal."
            )
        if choice == FILE:
            rating = ratings.get(one.statement.pk)
            actions.save_rating(
                response=response,
                statement=one.statement,
                entry=onto(Entry.of(rating), {cell.name: cell.file for cell in one.cells}),
                version=rating.version if rating else 0,
                page="",
                by=by,
                via=Via.IMPORT,
            )
            written += 1
    finish(upload, response)
    return written


def state_of(ratings: Iterable[Rating]) -> str:
    """A name for ratings as they are: it changes with any of them."""
    versions = sorted((rating.statement_id, rating.version) for rating in ratings)
    return hashlib.sha256(repr(versions).encode()).hexdigest()[:16]


def finish(upload: Upload, response: Response) -> None:
    upload.state, upload.found, upload.response = UploadState.TAKEN_IN, {}, response
    upload.save(update_fields=["state", "found", "response"])


@transaction.atomic
def discard(*, upload: Upload, by: User) -> None:  # noqa: ARG001 (an action is told who acts)
    """Forget a file and all that was read of it."""
    locked = Upload.objects.light().select_for_update(of=("self",)).get(pk=upload.pk)
    if locked.state == UploadState.TAKEN_IN:
        raise UploadGoneError
    empty(Upload.objects.filter(pk=upload.pk))


def empty(uploads: UploadQuerySet) -> None:
    """Keep of these no more than that they were there."""
    uploads.update(
        state=UploadState.DISCARDED, found={}, content=None, name="", file_name="–", trouble=""
    )
