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

from django.apps import apps
from django.db import connection
from django.db.models import BooleanField, Case, F, Value, When

from selfassessment.models import Audit, Rating, Respondent, Response, Via

# Keys drawn by lot lie above whatever a sequence will ever count to.
LOWEST_KEY, HIGHEST_KEY = 2**48, 2**62

# Foreign keys are checked at the end, so a response may go and come back under its ratings.
SHUFFLE = """
WITH gone AS (DELETE FROM {table} WHERE id = ANY(%s) RETURNING *)
INSERT INTO {table} SELECT * FROM gone ORDER BY gen_random_uuid()
"""


def key() -> int:
    return LOWEST_KEY + secrets.randbelow(HIGHEST_KEY - LOWEST_KEY)


def cut(response: Response) -> None:
    """Part `response` from its respondent. Wants the audit locked, in a transaction of its own."""
    cut_all([response])


def cut_all(responses: Sequence[Response]) -> None:
    """Part responses of one audit from their respondents, and write it anew just once for all."""
    audit, respondents = responses[0].audit, [response.respondent_id for response in responses]
    responses_were, ratings_were = [response.pk for response in responses], []
    for response in responses:
        said = list(response.ratings.all())
        ratings_were += [rating.pk for rating in said]
        response.delete()
        fresh = Response.objects.create(
            pk=key(), audit=audit, role_group=response.role_group, handed_in_at=audit.started_at
        )
        for rating in said:
            rating.pk, rating.response = key(), fresh
            rating.page, rating.version, rating.via = "", 1, Via.LINK
            rating.saved_at, rating.saved_by = audit.started_at, None
        Rating.objects.bulk_create(said)
    Respondent.objects.filter(audit=audit).update(
        handed_in=Case(
            When(pk__in=respondents, then=Value(True)),  # noqa: FBT003 (Django's signature)
            default=F("handed_in"),
            output_field=BooleanField(),
        )
    )
    forget(responses_were, ratings_were)
    shuffle(audit)


def shuffle(audit: Audit) -> None:
    """Write all unnamed responses of an audit anew, in random order and without history."""
    unnamed = Response.objects.filter(audit=audit, respondent=None)
    responses = list(unnamed.values_list("pk", flat=True))
    ratings = list(Rating.objects.filter(response__in=unnamed).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        for model, keys in ((Rating, ratings), (Response, responses)):
            table = model._meta.db_table  # noqa: SLF001 (documented)
            cursor.execute(SHUFFLE.format(table=table), [keys])
    forget(responses, ratings)


def forget(responses: list[int], ratings: list[int]) -> None:
    """Delete the history of these rows."""
    for name, keys in (("ResponseEvent", responses), ("RatingEvent", ratings)):
        history = apps.get_model("selfassessment", name)
        history.objects.filter(pgh_obj__in=keys).delete()
