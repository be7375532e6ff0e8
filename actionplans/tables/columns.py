"""What each column of somebody's plan is: guessed by its heading, else by what is in it.

Pure. A heading says the same in a hundred ways, so the words for each field are listed here; our
own exports use the labels, and are recognised by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from actionplans.tables import areas
from actionplans.tables.cells import Cell, filled, money
from actionplans.tables.dates import ONGOING, Period, find
from selfassessment.sheets.tables import key


class Field(StrEnum):
    """What a column can be: a field of a target, of its first note, or none of these."""

    EXTRA = "extra"
    REFERENCE = "reference"
    AREA = "area"
    TITLE = "title"
    DETAIL = "detail"
    MEASURE = "measure"
    BASELINE = "baseline"
    START_VALUE = "start_value"
    AIM_VALUE = "aim_value"
    UNIT = "unit"
    AIM_LEVEL = "aim_level"
    STEPS = "steps"
    MILESTONES = "milestones"
    RESOURCES = "resources"
    COST = "cost"
    FUNDING = "funding"
    WHY = "why"
    STATEMENTS = "statements"
    TOPICS = "topics"
    HEARD = "heard"
    YOUNG_PEOPLE = "young_people"
    STARTS_ON = "starts_on"
    DUE_ON = "due_on"
    NO_DATE_REASON = "no_date_reason"
    ROLE = "role"
    OWNER = "owner"
    HELPERS = "helpers"
    NO_OWNER_REASON = "no_owner_reason"
    BARRIERS = "barriers"
    NO_ACTION_REASON = "no_action_reason"
    STATUS = "status"
    ENDED_ON = "ended_on"
    ENDED_REASON = "ended_reason"
    NOTED_ON = "noted_on"
    NOTE = "note"
    RAG = "rag"
    PERCENT = "percent"
    VALUE = "value"
    NOTE_YOUNG_PEOPLE = "note_young_people"
    EVIDENCE = "evidence"


F = Field
LABELS: dict[Field, str] = {
    F.EXTRA: "Other notes",
    F.REFERENCE: "Reference",
    F.AREA: "Plan area",
    F.TITLE: "What will change",
    F.DETAIL: "More about it",
    F.MEASURE: "How we will know",
    F.BASELINE: "Where we are now",
    F.START_VALUE: "Number now",
    F.AIM_VALUE: "Number we aim for",
    F.UNIT: "What is counted",
    F.AIM_LEVEL: "Level we aim for",
    F.STEPS: "Steps",
    F.MILESTONES: "Milestones",
    F.RESOURCES: "What it takes",
    F.COST: "Cost in pounds",
    F.FUNDING: "Who pays",
    F.WHY: "Why this",
    F.STATEMENTS: "Statements",
    F.TOPICS: "Topics",
    F.HEARD: "HEARD principles",
    F.YOUNG_PEOPLE: "Which young people it is for",
    F.STARTS_ON: "Start",
    F.DUE_ON: "Due",
    F.NO_DATE_REASON: "No date, because",
    F.ROLE: "Accountable role",
    F.OWNER: "Person with an account",
    F.HELPERS: "People who help",
    F.NO_OWNER_REASON: "No owner yet, because",
    F.BARRIERS: "What may stand in the way",
    F.NO_ACTION_REASON: "We will not act, because",
    F.STATUS: "Status",
    F.ENDED_ON: "Done or dropped on",
    F.ENDED_REASON: "Why it ended",
    F.NOTED_ON: "Date of the note",
    F.NOTE: "Progress note",
    F.RAG: "How it goes",
    F.PERCENT: "How far, in per cent",
    F.VALUE: "Number at the note",
    F.NOTE_YOUNG_PEOPLE: "What changed for young people",
    F.EVIDENCE: "Evidence",
}
# As people head their columns, in small letters and without punctuation; “|” between them.
WORDS: dict[Field, str] = {
    F.EXTRA: "notes|note|comment|comments|remarks|review date|date of review|reviewed|review|"
    "version|priority|priority level|links|other",
    F.REFERENCE: "ref|ref no|no|number|id|item|target no|action no|target number|action number",
    F.AREA: "area|theme|strand|pillar|workstream|category|section|domain|focus area|key area|"
    "area of focus|priority area|area for development|heading",
    F.TITLE: "objective|objectives|aim|aims|goal|goals|target|targets|smart target|smart targets|"
    "smart objective|intention|commitment|commitments|ambition|strategic objective|desired change|"
    "what do we want to achieve|what we want to achieve|what will be different|development|"
    "area of development|what do we want to change|change",
    F.DETAIL: "detail|details|description|summary",
    F.MEASURE: "success criteria|success criterion|criteria for success|success measure|kpi|kpis|"
    "success measures|measure|measures|measurable|key performance indicator|indicator|indicators|"
    "key performance indicators|evidence of success|success|what will success look like|impact|"
    "how will we know|measure of success|measures of success|outcome|outcomes|expected outcome|"
    "expected outcomes|intended outcome|intended outcomes|intended impact|desired outcome|"
    "desired outcomes|how will we measure it|success looks like|monitoring",
    F.BASELINE: "baseline|current position|starting point|current situation|where are we now|"
    "current state|position now",
    F.START_VALUE: "start value|baseline number|baseline value",
    F.AIM_VALUE: "target value|aim value",
    F.UNIT: "unit|units",
    F.AIM_LEVEL: "aim level|target level|level",
    F.STEPS: "action|actions|step|activity|activities|task|tasks|how|what|what we will do|"
    "what will we do|how will we do it|how we will do it|key actions|actions required|key tasks|"
    "action required|implementation|next steps|action steps|how will we get there|what to do",
    F.MILESTONES: "milestone|key dates|interim milestones|stages",
    F.RESOURCES: "resource|resources|resources needed|resources required|resource implications|"
    "capacity|support needed|resourcing",
    F.COST: "cost|costs|budget|£|cost £|budget £|price|estimated cost|cost implications|"
    "financial implications|money",
    F.FUNDING: "funding|funding source|funder|source of funding|funded by|budget code",
    F.WHY: "why|rationale|reason|need|evidence of need|background|context|issue|gap|problem|"
    "reason for action|why are we doing this",
    F.STATEMENTS: "statement|linked statement|linked statements|audit statement|audit reference|"
    "audit ref|self assessment statement|self assessment|self assessment ref|audit",
    F.TOPICS: "topic",
    F.HEARD: "heard|heard principle",
    F.YOUNG_PEOPLE: "young people|target group|target groups|who for|who is it for|beneficiaries|"
    "who benefits|cohort|audience",
    F.STARTS_ON: "starts|start date|from|date started|commence|begin|starting",
    F.DUE_ON: "due date|by when|deadline|deadlines|when|timescale|timescales|time scale|timeframe|"
    "time frame|timeline|date|dates|end|end date|target date|completion date|complete by|timing|"
    "date for completion|date due|by|finish|to be completed by|time",
    F.ROLE: "lead|leads|who|owner|responsible|responsibility|responsibilities|responsible person|"
    "person responsible|persons responsible|people responsible|lead person|lead officer|by whom|"
    "who is responsible|accountable|led by|action owner|named lead|lead role|officer|who leads|"
    "staff responsible|person|accountable person|who will do it|whom",
    F.HELPERS: "supported by|support|others involved|involved|with whom|team|helpers|partners|"
    "partner|people involved|who else",
    F.BARRIERS: "barrier|barriers|risk|risks|risks and mitigation|challenges|challenge|obstacles|"
    "dependencies",
    F.STATUS: "complete|completed|done|action status|state",
    F.ENDED_ON: "date completed|completed on|date achieved",
    F.NOTED_ON: "date of update|updated on|last updated|date updated",
    F.NOTE: "progress|progress notes|progress to date|update|updates|update on progress|"
    "commentary|progress update|progress updates|latest update|progress review",
    F.RAG: "rag|rag rating|rag status|traffic light|r a g|brag|rag rated",
    F.PERCENT: "% complete|percentage|percent complete|%|per cent|percentage complete|percent",
    F.EVIDENCE: "proof|evidence of progress",
}
# Several of these say more of the same; of any other field one cell counts, the rest is kept.
JOINED = frozenset(
    {
        *(F.EXTRA, F.DETAIL, F.MEASURE, F.BASELINE, F.STEPS, F.MILESTONES, F.RESOURCES, F.WHY),
        *(F.STATEMENTS, F.TOPICS, F.HEARD, F.HELPERS, F.BARRIERS, F.NOTE, F.NOTE_YOUNG_PEOPLE),
    }
)
EXACT, CONTAINED = 3, 1
MOSTLY = 0.6  # of a column's cells that look like something
LOOK_FOR_HEADINGS = 20
CODE = re.compile(r"^[A-Z]\d{1,2}(?:\.\d{1,2})?(?:\s*[,;/&–-]\s*[A-Z]\d{1,2}(?:\.\d{1,2})?)*$")
REFERENCE = re.compile(r"^[A-Z]{0,3}[-. ]?\d{1,3}(?:\.\d{1,3})*[a-z]?\.?$")
RAG = re.compile(r"^(?:r|a|g|b|red|amber|green|blue|yellow|on course|at risk|off course)$", re.I)
HAS_FIGURE = re.compile(r"[\d£]")
PART_OF_PERCENT = re.compile(r"^\d{1,3}\s*%$")


def bare(text: str) -> str:
    """A heading without what only sets it off: “By when?” and “Cost/£” say “by when”, “cost £”."""
    return " ".join(re.sub(r"[^\w£%']+", " ", key(text)).split())


PHRASES: dict[str, Field] = {
    **{phrase: field for field, phrases in WORDS.items() for phrase in phrases.split("|")},
    **{bare(label): field for field, label in LABELS.items()},
}
# Too short or too common to mean their field within a longer heading
ALONE = {"no", "by", "end", "from", "how", "what", "id", "%", "to", "other", "level", "need"}
ALONE |= {"number", "change", "person", "date", "support", "time", "done", "state", "section"}
ALONE |= {"development", "success", "start", "item", "money", "audit", "whom", "note", "notes"}


def by_heading(text: str) -> tuple[Field | None, int]:
    """The field that a heading means, and how sure that is."""
    words = bare(text)
    if words in PHRASES:
        return PHRASES[words], EXACT
    within = f" {words} "
    found = [phrase for phrase in PHRASES if phrase not in ALONE and f" {phrase} " in within]
    longest = max(found, key=len, default="")
    return (PHRASES[longest], CONTAINED) if longest else (None, 0)


def header_row(rows: Sequence[Sequence[Cell]]) -> tuple[int, int]:
    """Which row has the headings, and how much it looks like it. -1: none does.

    Where no heading is known, the first row of short words without a figure is likely to be it.
    """
    best, most = -1, 1
    for number, row in enumerate(rows[:LOOK_FOR_HEADINGS]):
        found = [by_heading(cell.text) for cell in filled(row) if len(cell.text) <= 60]
        score = sum(sure for _, sure in found) if len({field for field, _ in found}) > 1 else 0
        if score > most:
            best, most = number, score
    if best < 0 and len(rows) > 1:
        first = next((n for n, row in enumerate(rows) if len(filled(row)) > 1), 0)
        texts = [cell.text for cell in filled(rows[first])]
        if len(texts) > 1 and not any(len(one) > 40 or HAS_FIGURE.search(one) for one in texts):
            best = first
    return best, most


def guess(rows: Sequence[Sequence[Cell]], header: int, period: Period) -> tuple[Field, ...]:
    """What each column is, by its heading, else by its cells."""
    width = len(rows[0]) if rows else 0
    heads = [rows[header][at].text if header >= 0 else "" for at in range(width)]
    below = [[row[at] for row in rows[header + 1 :]] for at in range(width)]
    sure = {at: by_heading(head) for at, head in enumerate(heads)}
    found: dict[int, Field] = {}
    # The surest heading has a field first, so that “Lead” wins over “Lead partner”
    for at in sorted(sure, key=lambda at: (-sure[at][1], at)):
        field = sure[at][0]
        if field and (field in JOINED or field not in found.values()):
            found[at] = field
    for at in range(width):
        if at not in found and not sure[at][0]:
            field = by_content([cell.text for cell in below[at] if cell.text], period)
            if field and field not in found.values():
                found[at] = field
    with_title(found, below, {at for at in range(width) if not sure[at][0]})
    return tuple(found.get(at, F.EXTRA) for at in range(width))


def by_content(texts: Sequence[str], period: Period) -> Field | None:
    """The field that most cells of a column look like."""

    def mostly(fits: Iterable[bool]) -> bool:
        return sum(fits) >= MOSTLY * len(texts)

    if not texts:
        return None
    if mostly(bool(RAG.match(text)) for text in texts):
        return F.RAG
    if mostly(bool(PART_OF_PERCENT.match(text)) for text in texts):
        return F.PERCENT
    if mostly(areas.names_one(text) is not None for text in texts):
        return F.AREA
    if mostly("£" in text and money(text)[0] is not None for text in texts):
        return F.COST
    if mostly(bool(CODE.match(text)) for text in texts):
        return F.STATEMENTS
    short = [len(text) <= 40 for text in texts]
    if mostly(
        is_short and bool(find(text, period) or ONGOING.fullmatch(text))
        for text, is_short in zip(texts, short, strict=True)
    ):
        return F.DUE_ON
    if mostly(bool(REFERENCE.match(text)) for text in texts) and len(set(texts)) == len(texts):
        return F.REFERENCE
    return None


def with_title(found: dict[int, Field], below: Sequence[Sequence[Cell]], unknown: set[int]) -> None:
    """See to it that some column says what will change, and that it is the one that does.

    Where an objective stands over several rows with actions of their own, each with its own date
    or lead, the actions are the targets and the objective is why.
    """
    steps = next((at for at, field in found.items() if field == F.STEPS), None)
    title = next((at for at, field in found.items() if field == F.TITLE), None)
    if title is None:
        words = {
            at: sum(len(cell.text) for cell in below[at])
            for at in unknown
            if found.get(at, F.EXTRA) == F.EXTRA
        }
        best = steps if steps is not None else max(words, key=words.__getitem__, default=None)
        if best is not None and (steps is not None or words.get(best)):
            found[best] = F.TITLE
        return
    if steps is None:
        return
    rows = range(len(below[title]))
    own = [at for at, field in found.items() if field in {F.DUE_ON, F.ROLE}]
    acted = [r for r in rows if below[steps][r].text and not below[steps][r].repeats]
    over = [r for r in acted if below[title][r].repeats or not below[title][r].text]
    with_own = [
        r for r in over if any(below[at][r].text and not below[at][r].repeats for at in own)
    ]
    if len(acted) < 3 * len(over) and 2 * len(with_own) > len(over):
        found[title], found[steps] = F.WHY, F.TITLE


def choices() -> list[tuple[str, str]]:
    """For a select: what a column can be."""
    kept = (F.EXTRA.value, "Other notes, with its heading")
    return [kept, *((field.value, label) for field, label in LABELS.items() if field != F.EXTRA)]


def counts(fields: Iterable[Field]) -> Mapping[Field, int]:
    found: dict[Field, int] = {}
    for field in fields:
        found[field] = found.get(field, 0) + 1
    return found
