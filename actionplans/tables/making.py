"""One target on its way from cells to a draft.

Pure. The one rule: a cell is either said in full by the field it becomes, or its text is kept
among the other notes as well, under its heading.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from actionplans.models import (
    MOST_STEPS,
    Heard,
    Milestone,
    ProgressNote,
    Rag,
    Target,
    TargetStatus,
)
from actionplans.tables import areas, dates
from actionplans.tables.cells import (
    Cell,
    before_items,
    items,
    money,
    number,
    one_line,
    percent,
    same,
)
from actionplans.tables.columns import JOINED, LABELS, Field
from actionplans.tables.drafts import (
    Draft,
    Known,
    Remark,
    Step,
    plain_number,
    step_words,
    words_of,
)
from actionplans.tables.names import looks_like_name
from selfassessment.sheets.tables import key, shortened

F = Field
REFERENCE = re.compile(r"^(WD|YV|PR|LS)-([1-9]\d{0,2})$", re.IGNORECASE)
CODES = re.compile(r"[,;/\s]+")
OUR_STEP = re.compile(
    r"^(?P<text>.*\S)\s+\((?=by |done )(?:by (?P<by>[^();]+))?(?:; )?(?:done (?P<done>[^();]+))?\)$"
)
LINK = re.compile(r"https?://\S+")
STATUSES = {
    TargetStatus.DONE: {"done", "complete", "completed", "achieved", "finished", "met", "yes"},
    TargetStatus.DROPPED: {"dropped", "cancelled", "abandoned", "withdrawn", "stopped"},
    TargetStatus.OPEN: {"open"},
}
RAGS: dict[Rag, set[str]] = {
    Rag.ON_COURSE: {"green", "g", "on course", "on track"},
    Rag.AT_RISK: {"amber", "a", "yellow", "at risk", "orange"},
    Rag.OFF_COURSE: {"red", "r", "off course", "off track"},
}
RAG_WORDS = {rag.value: rag for rag in Rag} | {rag.label.lower(): rag for rag in Rag}


LONGEST = {
    one.name: one.max_length
    for model in (Target, ProgressNote, Milestone)
    for one in model._meta.fields  # noqa: SLF001 (Django's own, documented API)
    if getattr(one, "max_length", None)
}
LINES = {  # fields that are one line
    *("title", "unit", "funding", "young_people", "no_date_reason", "role", "helpers"),
    *("no_owner_reason", "evidence"),
}
NOTE_FIELDS: dict[Field, str] = {
    F.NOTE: "text",
    F.NOTE_YOUNG_PEOPLE: "young_people",
}


class Making:
    """One target on its way: told its cells one by one, then asked for the draft."""

    def __init__(self, row: int, known: Known, heads: Mapping[int, str]) -> None:
        self.row = row
        self.known = known
        self.heads = heads
        self.values: dict[str, object] = {}
        self.note: dict[str, object] = {}
        self.statements: list[str] = []
        self.topics: list[str] = []
        self.steps: list[Step] = []
        self.extra: list[str] = []
        self.remarks: list[Remark] = []
        self.number: int | None = None
        self.dues: list[tuple[Cell, dates.When]] = []
        self.said: set[tuple[Field, str]] = set()

    # Telling

    def tell(self, cell: Cell, what: Field) -> None:
        """Place what a cell says, or keep its text."""
        if (what, cell.text) in self.said:
            return
        first = not any(told == what for told, _ in self.said)
        self.said.add((what, cell.text))
        if cell.why_bad:
            self.keep(cell)
            self.remark(cell, "A formula or an error, not a value. Kept in other notes.")
        elif not first and what not in JOINED | {F.DUE_ON, F.ROLE}:
            self.keep(cell)
        else:
            TELL.get(what, Making.tell_text)(self, cell, what)

    def keep(self, cell: Cell, heading: str = "") -> None:
        """Among the other notes, under its heading."""
        heading = heading or self.heads.get(cell.column, "")
        is_ours = same(heading, LABELS[F.EXTRA])  # these come back as they were
        line = f"{heading}: {cell.text}" if heading and not is_ours else cell.text
        if line not in self.extra:
            self.extra.append(line)

    def remark(self, cell: Cell, became: str, *, stops: bool = False) -> None:
        self.remarks.append(Remark(cell.name, shortened(one_line(cell.text)), became, stops))

    def unplaced(self, cell: Cell, why: str) -> None:
        self.keep(cell)
        self.remark(cell, f"{why} Kept in other notes.")

    def put(self, cell: Cell, name: str, text: str, into: dict[str, object]) -> None:
        """Text into a field, after what is there; what does not fit is kept whole elsewhere."""
        before = str(into.get(name, ""))
        if name in LINES:
            text = one_line(text)
        joined = f"{before}{', ' if name in LINES else chr(10)}{text}" if before else text
        longest = LONGEST[name] or len(joined)
        if len(joined) <= longest:
            into[name] = joined
            return
        self.keep(cell)
        if not before:
            into[name] = f"{text[: longest - 1].rstrip()}…"
        self.remark(cell, f"Longer than {longest:,} characters. The whole is kept in other notes.")

    def tell_text(self, cell: Cell, what: Field) -> None:
        text = cell.text
        if what == F.EXTRA:
            self.keep(cell)
        elif what in NOTE_FIELDS:
            heading = self.heads.get(cell.column, "")
            named = what == F.NOTE and any(w == what and t != text for w, t in self.said)
            self.put(cell, NOTE_FIELDS[what], f"{heading}: {text}" if named else text, self.note)
        else:
            self.put(cell, what.value, text, self.values)

    def tell_title(self, cell: Cell, _: Field) -> None:
        """A short title; the whole of a long one, and the parts of a list, have room elsewhere."""
        text, longest = one_line(cell.text), LONGEST["title"] or 0
        if listed := items(cell.text):
            self.put(cell, "steps", cell.text, self.values)
            text = before_items(cell.text) or one_line(listed[0])
            self.remark(cell, "A list: the first line is what will change, the list its steps.")
        if len(text) > longest:
            if not listed:
                self.put(cell, "detail", cell.text, self.values)
            self.remark(cell, "Shortened, with the whole under “More about it”.")
            text = f"{text[: longest - 1].rsplit(' ', 1)[0].rstrip(' ,;:–-')}…"
        self.values["title"] = text

    def tell_area(self, cell: Cell, _: Field) -> None:
        exact = areas.exact(cell.text)
        if exact is None or self.values.get("area") != exact:
            self.keep(cell)

    def tell_reference(self, cell: Cell, _: Field) -> None:
        match = REFERENCE.match(cell.text)
        area = areas.exact(match[1]) if match else None
        if match and self.values.get("area") in {None, area}:
            self.values["area"] = area
            self.number = int(match[2])
        else:
            self.keep(cell)

    def tell_due(self, cell: Cell, _: Field) -> None:
        when = dates.read(cell.text, self.known.period)
        self.dues.append((cell, when))
        if when.ongoing:
            self.put(cell, "no_date_reason", cell.text, self.values)
            self.remark(cell, "No date. It says why there is none.")
            return
        if not when.says_all:
            self.keep(cell)
        if when.due is None and when.start is None:
            self.remark(cell, "Not read as a date. Kept in other notes.")
            return
        if when.start:
            self.values.setdefault("starts_on", when.start)
        self.steps += [self.step(cell, words, due) for words, due in when.steps]
        if not when.says_all:
            read = [f"start {words_of(when.start)}"] if when.start else []
            read += [f"due {words_of(when.due)}"] if when.due else []
            steps = f", {len(when.steps)} earlier as milestones" if when.steps else ""
            said = " and ".join(read)
            self.remark(cell, f"Read as {said}{steps}. Your words are kept in other notes.")

    def tell_start(self, cell: Cell, _: Field) -> None:
        when = dates.read(cell.text, self.known.period)
        start = when.start or dates.day(cell.text, self.known.period)[0]
        if start is None:
            self.unplaced(cell, "Not read as a date.")
            return
        self.values["starts_on"] = start
        if not when.says_all:
            self.keep(cell)
            self.remark(cell, f"Read as {words_of(start)}. Your words are kept in other notes.")

    def tell_day(self, cell: Cell, what: Field) -> None:
        """The day of a note, or of an end."""
        day, says_all = dates.day(cell.text, self.known.period)
        if day is None or day > self.known.today:
            self.unplaced(cell, "Not read as a day in the past.")
            return
        (self.note if what == F.NOTED_ON else self.values)[what.value] = day
        if not says_all:
            self.keep(cell)

    def tell_number(self, cell: Cell, what: Field) -> None:
        value, says_all = number(cell.text)
        if value is None:
            self.unplaced(cell, "Not read as a number.")
            return
        (self.note if what == F.VALUE else self.values)[what.value] = value
        if not says_all:
            self.keep(cell)

    def tell_level(self, cell: Cell, _: Field) -> None:
        if cell.text.isdecimal() and len(cell.text) == 1 and int(cell.text) in self.known.levels:
            self.values["aim_level"] = int(cell.text)
        else:
            self.unplaced(cell, "Not a level of this plan’s self-assessment.")

    def tell_cost(self, cell: Cell, _: Field) -> None:
        value, says_all = money(cell.text)
        if value is None:
            self.unplaced(cell, "Not read as a sum.")
            return
        self.values["cost"] = value
        if not says_all:
            self.keep(cell)
            self.remark(
                cell, f"Read as £{plain_number(value)}. Your words are kept in other notes."
            )

    def tell_percent(self, cell: Cell, _: Field) -> None:
        value, says_all = percent(cell.text)
        if value is None:
            self.unplaced(cell, "Not read as per cent.")
            return
        self.note["percent"] = value
        if not says_all:
            self.keep(cell)

    def tell_status(self, cell: Cell, _: Field) -> None:
        """A status may be a RAG, and a RAG a status: people mix the two."""
        said = key(cell.text).rstrip(".")
        first = key(re.split(r"[\s–—:,-]", said, maxsplit=1)[0])
        rag = next((rag for rag, words in RAGS.items() if {said, first} & words), None)
        status = next((one for one, words in STATUSES.items() if {said, first} & words), None)
        if rag and "rag" not in self.note:
            self.note["rag"] = rag.value
            if RAG_WORDS.get(said) != rag:
                self.keep(cell)
        elif status:
            self.values["status"] = status.value
            if said != status.label.lower():
                self.keep(cell)
        else:
            self.keep(cell)

    def tell_statements(self, cell: Cell, _: Field) -> None:
        codes = [code.upper() for code in CODES.split(cell.text.strip()) if code]
        self.statements += [c for c in codes if c in self.known.statements]
        unknown = [code for code in codes if code not in self.known.statements]
        if unknown or not codes:
            what_is = ", ".join(map(shortened, unknown[:5]))
            self.unplaced(cell, f"Not statements of this plan’s self-assessment: {what_is}.")

    def tell_topics(self, cell: Cell, _: Field) -> None:
        names = [one.strip() for one in re.split(r"[,;\n]", cell.text) if one.strip()]
        self.topics += [key(one) for one in names if key(one) in self.known.topics]
        if not names or any(key(one) not in self.known.topics for one in names):
            self.unplaced(cell, "Not all of these are topics here.")

    def tell_heard(self, cell: Cell, _: Field) -> None:
        known = {key(one.label): one.value for one in Heard}
        names = [key(one) for one in re.split(r"[,;/\n]", cell.text) if one.strip()]
        told: list[str] = list(self.values.get("heard", ()))  # type: ignore[call-overload]
        self.values["heard"] = told + [known[one] for one in names if one in known]
        if not names or any(one not in known for one in names):
            self.unplaced(cell, "Not all of these are HEARD principles.")

    def tell_role(self, cell: Cell, what: Field) -> None:
        """A role; or a name, which is matched to an account and kept all the same."""
        if what == F.ROLE and self.values.get("role"):
            self.put(cell, "helpers", cell.text, self.values)
            return
        if what == F.ROLE:
            self.put(cell, "role", cell.text, self.values)
        people = self.known.members.get(key(cell.text), ())
        if len(people) == 1:
            self.values["owner_id"] = people[0]
            if what == F.ROLE:
                self.remark(cell, "A member of your service: linked. A role outlives a person.")
        elif what == F.OWNER:
            self.unplaced(cell, "Not the name of just one member who may see to a target.")
        elif looks_like_name(cell.text):
            self.remark(cell, "Looks like a name. A role outlives a person: write the role.")

    def tell_evidence(self, cell: Cell, _: Field) -> None:
        """Words, and a link on a line of its own or alone."""
        words, _newline, link = cell.text.rpartition("\n")
        longest = LONGEST["evidence_url"] or 0
        if LINK.fullmatch(link) and len(link) <= longest and is_link(link):
            self.note["evidence_url"] = link
        else:
            words = cell.text
        if words:
            self.put(cell, "evidence", words, self.note)

    def tell_milestones(self, cell: Cell, _: Field) -> None:
        for line in cell.text.splitlines():
            if line.strip():
                self.steps.append(self.milestone(cell, line.strip()))

    def milestone(self, cell: Cell, line: str) -> Step:
        """One line: as we write them ourselves, “Text (by 3 March 2027)”, or with a date in it."""
        period = self.known.period
        if len(line) <= dates.LONGEST and (ours := OUR_STEP.match(line)):
            days = [dates.day(ours[part] or "", period) for part in ("by", "done")]
            if all(
                says_all or not given
                for (_, says_all), given in zip(days, ours.groups()[1:], strict=True)
            ):
                return self.step(cell, ours["text"], days[0][0], days[1][0])
        return self.step(cell, line, dates.read(line, period).due)

    def step(self, cell: Cell, text: str, due: dt.date | None, done: dt.date | None = None) -> Step:
        text, longest = one_line(text), 200
        if len(text) > longest:
            self.extra.append(f"{LABELS[F.MILESTONES]}: {text}")
            self.remark(cell, "A milestone was shortened. The whole is kept in other notes.")
            text = f"{text[: longest - 1].rstrip()}…"
        return Step(text, due, done)

    # Asking

    def draft(self) -> Draft:
        self.settle_dates()
        self.settle_status()
        self.settle_note()
        self.settle_steps()
        if self.extra:
            self.values["extra"] = "\n".join(self.extra)
        return Draft(
            self.row,
            {name: value for name, value in self.values.items() if value not in (None, "", [])},
            tuple(dict.fromkeys(self.statements)),
            tuple(dict.fromkeys(self.topics)),
            tuple(self.steps),
            self.note,
            self.number,
        )

    def settle_dates(self) -> None:
        """Of several dates the last is when it is due; a start after it is no start."""
        found = [(when.due, cell, when.says_all) for cell, when in self.dues if when.due]
        if found:
            due = max(day for day, _, _ in found)
            self.values["due_on"] = due
            for day, cell, says_all in found:
                if day != due:
                    self.keep(cell)
                if day != due and says_all:
                    self.remark(cell, "An earlier date than the last. Kept in other notes.")
        start, due_on = self.values.get("starts_on"), self.values.get("due_on")
        if isinstance(start, dt.date) and isinstance(due_on, dt.date) and start > due_on:
            del self.values["starts_on"]
            self.extra.append(f"{LABELS[F.STARTS_ON]}: {words_of(start)}")
            self.remarks.append(
                Remark("", words_of(start), "A start after the due date. Kept in other notes.")
            )

    def settle_status(self) -> None:
        """What has ended says when, and what was dropped says why."""
        status = self.values.get("status", TargetStatus.OPEN.value)
        if status == TargetStatus.OPEN:
            for name in (F.ENDED_ON.value, F.ENDED_REASON.value):
                if name in self.values:
                    told = self.values.pop(name)
                    words = words_of(told) if isinstance(told, dt.date) else told
                    self.extra.append(f"{LABELS[Field(name)]}: {words}")
            return
        if "ended_on" not in self.values:
            self.values["ended_on"] = self.known.today
            self.remarks.append(
                Remark("", TargetStatus(str(status)).label, "No day is given: today stands for it.")
            )
        if status == TargetStatus.DROPPED:
            self.values.setdefault("ended_reason", "The table does not say why.")

    def settle_note(self) -> None:
        """A note has words of its own, and a day."""
        if not self.note.keys() - {"noted_on"}:
            if day := self.note.pop("noted_on", None):
                self.extra.append(f"{LABELS[F.NOTED_ON]}: {words_of(day)}")  # type: ignore[arg-type]
            return
        self.note.setdefault("text", "Brought in with a table.")
        self.note.setdefault("noted_on", self.known.today)

    def settle_steps(self) -> None:
        """As many milestones as a target has; the others stay in words."""
        others = self.steps[MOST_STEPS:]
        if others:
            del self.steps[MOST_STEPS:]
            self.extra += [f"{LABELS[F.MILESTONES]}: {step_words(one)}" for one in others]
            why = f"More than {MOST_STEPS} milestones. These are kept in other notes."
            said = f"{len(others)} milestones" if len(others) > 1 else "1 milestone"
            self.remarks.append(Remark("", said, why))


TELL: dict[Field, Callable[[Making, Cell, Field], None]] = {
    F.TITLE: Making.tell_title,
    F.AREA: Making.tell_area,
    F.REFERENCE: Making.tell_reference,
    F.DUE_ON: Making.tell_due,
    F.STARTS_ON: Making.tell_start,
    F.NOTED_ON: Making.tell_day,
    F.ENDED_ON: Making.tell_day,
    F.START_VALUE: Making.tell_number,
    F.AIM_VALUE: Making.tell_number,
    F.VALUE: Making.tell_number,
    F.AIM_LEVEL: Making.tell_level,
    F.COST: Making.tell_cost,
    F.PERCENT: Making.tell_percent,
    F.STATUS: Making.tell_status,
    F.RAG: Making.tell_status,
    F.STATEMENTS: Making.tell_statements,
    F.TOPICS: Making.tell_topics,
    F.HEARD: Making.tell_heard,
    F.ROLE: Making.tell_role,
    F.OWNER: Making.tell_role,
    F.MILESTONES: Making.tell_milestones,
    F.EVIDENCE: Making.tell_evidence,
}


def is_link(text: str) -> bool:
    """Whether it can be a link on a page: an address of the web, and nothing that runs."""
    try:
        URLValidator(schemes=["http", "https"])(text)
    except ValidationError:
        return False
    return True
