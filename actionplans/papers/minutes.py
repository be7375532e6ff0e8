"""The minutes of a review: one page of what was decided, and why."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import time_format

from actionplans.models import Decision, Review
from actionplans.papers.heads import Head, day
from actionplans.papers.parts import Reading, TargetData, target_data

OPEN_ENDED = (Decision.CHANGE, Decision.CLOSE, Decision.DROP)


@dataclass(frozen=True)
class LineData:
    """What was decided of one target."""

    reference: str
    title: str
    who: str
    by: str
    decision: str
    said: str


@dataclass(frozen=True)
class MinutesData:
    """Everything the minutes say."""

    head: Head
    review_id: int
    name: str  # “Autumn term review”
    held_on: str
    when: str  # the time, or nothing
    place: str
    present: str
    is_finished: bool
    lines: list[LineData]  # what was changed, closed or dropped, or talked about
    kept: list[str]  # references of those kept as they are, without a word
    not_reached: list[str]  # references of open targets that nothing was decided of
    said: str


def collect(reading: Reading, review: Review) -> MinutesData:
    lines = {one.target_id: one for one in review.lines.all()}
    told, kept, not_reached = [], [], []
    for target in reading.targets:
        line = lines.get(target.pk)
        data = target_data(target, reading)
        if line is None or not (line.decision or line.said):
            if target.is_open and target.acts:
                not_reached.append(target.reference)
        elif line.decision in OPEN_ENDED or line.said:
            decision = line.get_decision_display() if line.decision else "Nothing decided"
            told.append(line_data(data, decision, line.said))
        else:
            kept.append(target.reference)
    return MinutesData(
        head=reading.head,
        review_id=review.pk,
        name=review.name,
        held_on=day(review.held_on),
        when=time_format(review.starts_time, "H:i") if review.starts_time else "",
        place=review.place,
        present=review.present,
        is_finished=review.is_finished,
        lines=told,
        kept=kept,
        not_reached=not_reached,
        said=review.said,
    )


def line_data(target: TargetData, decision: str, said: str) -> LineData:
    return LineData(
        reference=target.reference,
        title=target.title,
        who=target.who,
        by=target.by,
        decision=decision,
        said=said,
    )
