"""Where services stand in each area, and a year before: figures of the benchmark as it tells them.

Nothing is worked out from ratings here. What the benchmark does not tell, this does not know.
"""

from __future__ import annotations

from django.utils import timezone

from portal.years import year_name
from resources.reviews.figures.shape import NOT_SHOWN, Chart, Row
from resources.reviews.figures.window import Window, in_words
from resources.reviews.figures.words import TOO_FEW
from selfassessment.benchmark import benchmarks
from selfassessment.benchmark.benchmarks import Comparison
from selfassessment.benchmark.disclosure import STEP
from selfassessment.models import Area, BenchmarkFigure, BenchmarkMember

TITLE = "Where music services stand"


def read(window: Window) -> list[Chart]:
    """A table for each questionnaire and scope that enough services share ratings on."""
    made_up = with_made_up(window)
    told = [one for one in benchmarks.sets() if one.key not in made_up]
    now = [one for one in told if one.year == window.year]
    before = {(one.questionnaire.pk, one.scope): one for one in told if one.year == window.year - 1}
    tables = [
        chart(
            benchmarks.read(one),
            benchmarks.read(before[key])
            if (key := (one.questionnaire.pk, one.scope)) in before
            else None,
        )
        for one in now
    ]
    return tables or [nothing(window)]


def with_made_up(window: Window) -> set[str]:
    """Keys of figures that the services of a demo are in: they say nothing of real ones."""
    members = BenchmarkMember.objects.filter(
        benchmark__year__in=[window.year, window.year - 1], audit__service__is_fictional=True
    )
    keys = members.values_list(
        "benchmark__questionnaire", "benchmark__scope", "benchmark__year"
    ).distinct()
    return {f"{questionnaire}-{scope}-{year}" for questionnaire, scope, year in keys}


def chart(now: Comparison, before: Comparison | None) -> Chart:
    was = figures(before) if before else {}
    made = f", made on {in_words(timezone.localdate(now.made_at))}" if now.made_at else ""
    compared = (
        f" The change is from the median of {year_name(before.of.year)}, in percentage points: not "
        "all of the services are the same."
        if before
        else ""
    )
    rows = [
        row(area, figure, was.get(area), with_change=before is not None)
        for area, figure in figures(now).items()
    ]
    hidden = any(NOT_SHOWN in one["values"] for one in rows)
    return Chart(
        key=f"spread-{now.of.key}",
        title=TITLE,
        definition=f"{now.of}: the benchmark of {now.services} music services that chose to share "
        f"their agreed ratings{made}. Half of them lie between the two ends of the bar; the "
        f"median is the one in the middle. All rounded to the nearest {STEP} per cent.{compared}",
        columns=["Area", "Middle half", "Median", *(["Change"] if before else [])],
        rows=rows,
        total=None,
        note=f"“{NOT_SHOWN}” where an area, or its difference from others, could tell {TOO_FEW}"
        if hidden
        else "",
    )


def figures(comparison: Comparison) -> dict[Area, BenchmarkFigure | None]:
    return {row.part: row.figure for row in comparison.rows if isinstance(row.part, Area)}


def row(
    area: Area, now: BenchmarkFigure | None, was: BenchmarkFigure | None, *, with_change: bool
) -> Row:
    by = change(now.middle - was.middle) if now and was else NOT_SHOWN
    values = [f"{now.low}% to {now.high}%", f"{now.middle}%"] if now else [NOT_SHOWN, NOT_SHOWN]
    return Row(
        label=area.name,
        values=[*values, by] if with_change else values,
        share=now.high / 100 if now else None,
        start=now.low / 100 if now else None,
        middle=now.middle / 100 if now else None,
        n=None,
    )


def change(points: int) -> str:
    """“+5”, “−10”, with a minus sign that is one."""
    if not points:
        return "no change"
    return f"{'+' if points > 0 else '−'}{abs(points)}"


def nothing(window: Window) -> Chart:
    return Chart(
        key="spread",
        title=TITLE,
        definition="The benchmark by area: where the middle half of the music services lies that "
        f"chose to share their agreed ratings of {window.name}.",
        columns=["Area", "Middle half", "Median"],
        rows=[],
        total=None,
        note=f"{NOT_SHOWN}: it could tell {TOO_FEW} A service lead decides each year whether to "
        "share.",
    )
