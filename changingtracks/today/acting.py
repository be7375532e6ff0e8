"""What Today says of one's own targets."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from actionplans import states
from actionplans.progress import Standing
from actionplans.states import Deed
from changingtracks.today.shown import Rank, Row, Thing
from changingtracks.years.own import Aim, Year
from portal.models import User
from selfassessment.steps import Next, day

DUE_SOON = dt.timedelta(weeks=3)
MOST_TARGETS = 6  # rows on Today; the rest is one line and a link


def things(user: User, year: Year) -> list[Thing]:
    """This reader's own targets that are late, asked about, due soon, or quiet for a term."""
    mine = [one for one in year.in_force if one.target.owner_id == user.pk]
    found = [thing for one in mine if (thing := of(user, one, year.today))]
    found.sort(key=lambda thing: (thing.rank, thing.order))
    kept, rest = found[:MOST_TARGETS], found[MOST_TARGETS:]
    return [*kept, more(year, len(rest))] if rest and year.plan else kept


def of(user: User, aim: Aim, today: dt.date) -> Thing | None:
    target, due = aim.target, aim.target.due_on
    if aim.standing == Standing.LATE:
        days = aim.progress.days_late
        late = f"Late by {days} day{'' if days == 1 else 's'}"
        return note(aim, Rank.LATE, "Something is late", late, "bad", -days)
    if aim.asked is not None:
        return asked(user, aim)
    if due and due - today <= DUE_SOON:
        tag = "Due today" if due == today else f"Due {day(due)}"
        return note(aim, Rank.SOON, "Something is due", tag, "", (due - today).days)
    if aim.standing == Standing.STALLED:
        order = DUE_SOON.days + target.number
        return note(aim, Rank.SOON, "Time for a note", Standing.STALLED, "", order)
    return None


def note(aim: Aim, rank: Rank, head: str, tag: str, look: str, order: int) -> Thing:
    """A note is what is missing: one click to its form."""
    target = aim.target
    url = reverse("note_add", args=[target.pk])
    step = Next(
        target.title,
        f"{tag}. Write how it stands: one sentence is enough. A new date or an end is fine too, "
        "with its reason.",
        url,
        "Write a note",
        target.reference,
    )
    row = Row(f"Write a note on “{target.title}”", url, *owner(aim), tag=tag, look=look)
    return Thing(rank, head, step, row, order)


def asked(user: User, aim: Aim) -> Thing:
    """The last review asks for a change: who may word the target does; others answer in a note."""
    target = aim.target
    writes = states.may(user, target.plan, Deed.WRITE)
    url = reverse("target_edit" if writes else "note_add", args=[target.pk])
    said = f"“{aim.asked}” " if aim.asked else ""
    step = Next(
        f"Your review asks for a change: {target.title}",
        f"{said}{'Mend the target' if writes else 'Say in a note what you make of it'}.",
        url,
        "Change the target" if writes else "Write a note",
        target.reference,
    )
    row = Row(f"Change “{target.title}”", url, *owner(aim), tag="Asked by your review")
    return Thing(Rank.ASKED, "You were asked", step, row, target.number)


def owner(aim: Aim) -> tuple[str, str]:
    return aim.target.reference, aim.target.role


def more(year: Year, how_many: int) -> Thing:
    url = f"{reverse('plan', args=[year.plan.pk])}?by=owner" if year.plan else ""
    title = f"{how_many} more of your targets wait"
    step = Next(title, "See them on the plan, by owner.", url, "Open the plan")
    return Thing(Rank.SOON, "Your targets", step, Row(title, url), 1000)
