"""The year report: what a service found, decided, did, and what it came to.

Group results come from `selfassessment.talk.spread` as far as it lets them out, and agreed levels
from `selfassessment.results`; no comment is ever in it, and nobody's role beside a rating but
the families', whose voice is their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from actionplans.following import moved
from actionplans.following.moved import Line
from actionplans.following.moved import Reading as LevelReading
from actionplans.models import Review
from actionplans.papers import heads, parts
from actionplans.papers.decided import DecidedData, decided, decisions, priorities
from actionplans.papers.heads import Head
from actionplans.papers.parts import AreaOfPlan, Count, Reading, counts
from actionplans.papers.plan_paper import lead, many
from actionplans.progress import progress
from selfassessment import reports
from selfassessment.answers import names_of
from selfassessment.models import Agreed, Statement
from selfassessment.reports import ReportData
from selfassessment.results import Answered, Results
from selfassessment.scoring import signed
from selfassessment.talk import spread
from selfassessment.talk.spread import Lane, Spread, Talk, figures


@dataclass(frozen=True)
class SpreadData:
    """What the staff said of one statement, all together: never who, never which role."""

    code: str
    low: int | None  # places on the scale, counted from 0
    high: int | None
    words: str  # “1 to 4”


@dataclass(frozen=True)
class VoiceData:
    """What young people, parents and carers said of one statement, beside what is agreed."""

    code: str
    text: str
    lanes: list[str]  # “Young people: 3 gave 1, 2 gave 3”
    middle: str  # the level in their middle, in words
    place: int | None  # of it, and of the agreed one, on the scale, from 0
    agreed: str
    agreed_place: int | None


@dataclass(frozen=True)
class ForYoungPeople:
    """What changed for young people, as a note on a target tells it."""

    reference: str
    title: str
    noted_on: str
    text: str


@dataclass(frozen=True)
class MovedData:
    """One statement that a target is about, before the plan and after it."""

    reference: str
    title: str
    standing: str
    code: str
    text: str
    was: str
    now: str
    was_place: int | None
    now_place: int | None
    change: str  # in levels, with its sign; a dash where one year has none


@dataclass(frozen=True)
class Movement:
    """Whether it moved, on the same questionnaire; nothing of it where no later year is agreed."""

    before: str  # “2024/25”
    after: str
    words: str
    steps: int  # of the scale: levels less one
    rows: list[MovedData]
    without_target: list[str]  # “B1.1, up 2”: what moved though no target was about it


@dataclass(frozen=True)
class YearReportData:
    """Everything a year report says."""

    head: Head
    assessment: ReportData | None  # without comments
    no_assessment: str
    people: str  # “14 of the staff rated, and 6 young people, parents and carers.”
    spreads: list[SpreadData]  # none where too few rated
    priorities: list[DecidedData]
    parked: list[DecidedData]
    lead: str
    counts: list[Count]
    areas: list[AreaOfPlan]
    voices: list[VoiceData]  # the furthest from what is agreed first
    for_young_people: list[ForYoungPeople]
    movement: Movement | None
    no_movement: str
    reviews: list[str]
    closing: str


def collect(reading: Reading) -> YearReportData:
    plan, found = reading.plan, reading.results
    area_list = parts.areas(reading)
    targets = [target for area in area_list for target in area.targets]
    talk = spread.read(plan.audit) if plan.audit and found else None
    heard = talk if isinstance(talk, Talk) else None
    after = reading.levels.after_audit if found else None
    return YearReportData(
        head=reading.head,
        assessment=reports.collect(found, with_comments=False) if found else None,
        no_assessment="" if found else parts.no_levels(plan),
        people=people(heard) if heard else "",
        spreads=spreads(heard) if heard and heard.is_shown else [],
        priorities=priorities(reading),
        parked=parked(reading) if found else [],
        lead=lead(area_list),
        counts=counts(targets),
        areas=area_list,
        voices=voices(heard, found) if heard and found else [],
        for_young_people=for_young_people(reading),
        movement=movement(reading) if found else None,
        no_movement="" if after else no_movement(found),
        reviews=[f"{one.name}, {heads.day(one.held_on)}" for one in held(reading)],
        closing=plan.closing_said,
    )


def people(talk: Talk) -> str:
    """How many are heard in this report; fewer than may be shown are not counted either."""
    staff = f"{talk.people} of the staff rated" if talk.is_shown else ""
    families = (
        f"{talk.family_people} young people, parents and carers rated"
        if talk.families_are_shown
        else ""
    )
    return f"{' and '.join(filter(None, [staff, families]))}." if staff or families else ""


def spreads(talk: Talk) -> list[SpreadData]:
    """As asked, so that nothing is told by the order."""
    order = [level.value for level in talk.levels]
    found = [one for one in talk.spreads if one.low is not None and one.high is not None]
    return [spread_data(one, order) for one in sorted(found, key=lambda one: asked(one.statement))]


def spread_data(one: Spread, order: list[int]) -> SpreadData:
    low, high = one.low, one.high
    words = f"all {low}" if low == high else f"{low} to {high}"
    return SpreadData(
        one.statement.code,
        None if low is None else order.index(low),
        None if high is None else order.index(high),
        words,
    )


def asked(statement: Statement) -> tuple[int, int, int, int]:
    section = statement.section
    return (section.area.order, section.order, statement.order, statement.pk)


def parked(reading: Reading) -> list[DecidedData]:
    """What waits until next year: parked as a priority, or instead of a level."""
    waiting = [decided(one, reading.results, []) for one in decisions(reading).parked()]
    codes = {one.code for one in waiting}
    answers = reading.results.answers(reading.results.scores) if reading.results else []
    without_level = [
        DecidedData(one.statement.code, one.statement.text, one.now, said(one), [])
        for one in answers
        if one.rating and one.rating.answer == Agreed.PARKED and one.statement.code not in codes
    ]
    return [*waiting, *without_level]


def said(one: Answered) -> str:
    return one.rating.reason if one.rating else ""


def voices(talk: Talk, found: Results) -> list[VoiceData]:
    """Statements that the families rated, those furthest from what is agreed first."""
    order = [one.value for one in talk.levels]
    heard = [
        voice(one, found, order)
        for one in sorted(talk.spreads, key=lambda one: asked(one.statement))
        if any(lane.rated for lane in one.families)
    ]
    return sorted(heard, key=lambda one: -distance(one))


def voice(one: Spread, found: Results, order: list[int]) -> VoiceData:
    given = sorted(
        value for lane in one.families for value, n in lane.counts.items() for _ in range(n)
    )
    middle = given[(len(given) - 1) // 2]
    rating = found.ratings.get(one.statement.pk)
    agreed = rating.value if rating else None
    return VoiceData(
        code=one.statement.code,
        text=one.statement.text,
        lanes=[lane_in_words(lane) for lane in one.families],
        middle=found.names[middle],
        place=order.index(middle),
        agreed=found.in_words(rating),
        agreed_place=None if agreed is None else order.index(agreed),
    )


def lane_in_words(lane: Lane) -> str:
    return f"{lane.name}: {figures(lane) or 'nobody rated this'}"


def distance(one: VoiceData) -> int:
    if one.place is None or one.agreed_place is None:
        return 0
    return abs(one.place - one.agreed_place)


def for_young_people(reading: Reading) -> list[ForYoungPeople]:
    """What notes tell of a change for young people, target by target, as it happened."""
    return [
        ForYoungPeople(target.reference, target.title, heads.day(note.noted_on), note.young_people)
        for target in reading.targets
        for note in reversed(target.notes.all())
        if note.young_people
    ]


def movement(reading: Reading) -> Movement | None:
    """Each statement of a target before and after, and what moved without one."""
    levels = reading.levels
    if levels.before_audit is None or levels.after_audit is None:
        return None
    asked_then = list(levels.before_audit.statements())
    groups = moved.group(reading.targets, asked_then, levels.before, levels.after)
    sorts = (
        *(groups.moved, groups.done_only, groups.still_open),
        *(groups.not_acted, groups.unknown),
    )
    rows = [
        moved_data(line, one, reading)
        for lines in sorts
        for line in lines
        for one in line.readings
        if one.before is not None or one.after is not None
    ]
    return Movement(
        before=levels.before_audit.year_name,
        after=levels.after_audit.year_name,
        words=moved_in_words(rows),
        steps=len(levels.scale) - 1,
        rows=rows,
        without_target=[
            f"{one.statement.code}, {'up' if one.by > 0 else 'down'} {abs(one.by)}"
            for one in groups.without_target
            if one.by
        ],
    )


def moved_data(line: Line, one: LevelReading, reading: Reading) -> MovedData:
    levels, target = reading.levels, line.target
    names = names_of(levels.scale)
    places = {level.value: place for place, level in enumerate(levels.scale)}
    return MovedData(
        reference=target.reference,
        title=target.title,
        standing=progress(target, reading.today, list(target.notes.all())).standing,
        code=one.statement.code,
        text=one.statement.text,
        was="" if one.before is None else names[one.before],
        now="" if one.after is None else names[one.after],
        was_place=None if one.before is None else places[one.before],
        now_place=None if one.after is None else places[one.after],
        change=signed(one.by),
    )


def moved_in_words(rows: list[MovedData]) -> str:
    """“Of 3 statements with a target, 2 went up, 1 stayed.”"""
    changes = {one.code: one.change for one in rows if one.was and one.now}
    if not changes:
        return "No statement that a target is about has a level in both years."
    up = sum(change.startswith("+") for change in changes.values())
    down = sum(change.startswith("−") for change in changes.values())
    sorts = ((up, "went up"), (down, "went down"), (len(changes) - up - down, "stayed"))
    told = ", ".join(f"{count} {what}" for count, what in sorts if count)
    return f"Of {many(len(changes), 'statement')} with a target, {told}."


def no_movement(found: Results | None) -> str:
    if found is None:
        return "Nothing to compare: this plan has no agreed levels to begin from."
    return (
        "The next self-assessment on the same questionnaire will show it: this year’s levels are "
        "what the plan began from."
    )


def held(reading: Reading) -> list[Review]:
    return list(reading.plan.reviews.finished().order_by("held_on", "pk"))
