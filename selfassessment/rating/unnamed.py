"""The cut: parts a response from whose it is, so that not even the database joins them again.

What would join them, and what is done about it:

- a key, a name, or the history of either: the response is written anew under keys drawn by lot, by
  nobody, and every line of history about it goes;
- the moment: every answer carries the moment the self-assessment began;
- the order of rows in a table, and the transaction that wrote a row (`xmin`): each cut writes all
  unnamed responses of the audit anew, in random order, and all its respondents with them.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import pgtrigger
from django.apps import apps
from django.db import connection, models
from django.db.models import BooleanField, Case, F, Value, When

from selfassessment.models import Audit, Rating, Respondent, Response, Via

# Keys drawn by lot lie above whatever a sequence will ever count to.
LOWEST_KEY, HIGHEST_KEY = 2**48, 2**62

# Of what is written here no history is kept.
WITHOUT_HISTORY = ("selfassessment.Response:insert_insert", "selfassessment.Rating:insert_insert")

# Foreign keys are checked at the end, so a response may go and come back under its ratings.
SHUFFLE = (
    """
    WITH gone AS (
        DELETE FROM selfassessment_rating rating USING selfassessment_response response
        WHERE response.id = rating.response_id
            AND response.audit_id = %s AND response.respondent_id IS NULL
        RETURNING rating.*
    )
    INSERT INTO selfassessment_rating SELECT * FROM gone ORDER BY gen_random_uuid()
    """,
    """
    WITH gone AS (
        DELETE FROM selfassessment_response
        WHERE audit_id = %s AND respondent_id IS NULL
        RETURNING *
    )
    INSERT INTO selfassessment_response SELECT * FROM gone ORDER BY gen_random_uuid()
    """,
)


def key() -> int:
    return LOWEST_KEY + secrets.randbelow(HIGHEST_KEY - LOWEST_KEY)


def cut(response: Response) -> None:
    """Part `response` from its respondent. Wants the audit locked, in a transaction of its own."""
    cut_all([response])


def cut_all(responses: Sequence[Response]) -> None:
    """Part responses of one audit from their respondents, and write it anew just once for all."""
    audit, respondents = responses[0].audit, [response.respondent_id for response in responses]
    for response in responses:
        cut_one(response)
    shuffle(audit)
    Respondent.objects.filter(audit=audit).update(
        handed_in=Case(
            When(pk__in=respondents, then=Value(True)),  # noqa: FBT003 (Django's signature)
            default=F("handed_in"),
            output_field=BooleanField(),
        )
    )


def cut_one(response: Response) -> None:
    """The response written anew, as nobody's, and nothing left of it as it was."""
    audit, said, was = response.audit, list(response.ratings.all()), response.pk
    response.delete()
    forget([was], [rating.pk for rating in said])
    with pgtrigger.ignore(*WITHOUT_HISTORY):
        fresh = Response.objects.create(
            pk=key(), audit=audit, role_group=response.role_group, handed_in_at=audit.started_at
        )
        for rating in said:
            rating.pk, rating.response = key(), fresh
            rating.page, rating.version, rating.via = "", 1, Via.LINK
            rating.saved_at, rating.saved_by = audit.started_at, None
        Rating.objects.bulk_create(said)


def shuffle(audit: Audit) -> None:
    """Write all unnamed responses of an audit anew, in random order and without history."""
    with pgtrigger.ignore(*WITHOUT_HISTORY), connection.cursor() as cursor:
        for statement in SHUFFLE:
            cursor.execute(statement, [audit.pk])
    unnamed = Response.objects.filter(audit=audit, respondent=None).values("pk")
    history("Response").filter(pgh_obj__in=unnamed).delete()
    history("Rating").filter(response__in=unnamed).delete()


def forget(responses: list[int], ratings: list[int]) -> None:
    """Delete the history of these rows."""
    history("Response").filter(pgh_obj__in=responses).delete()
    history("Rating").filter(pgh_obj__in=ratings).delete()


def history(model: str) -> models.QuerySet[models.Model]:
    """Every line of history of a model: the table is made by pghistory, from the model."""
    lines: type[models.Model] = apps.get_model("selfassessment", f"{model}Event")
    return lines._default_manager.all()  # noqa: SLF001 (documented)
