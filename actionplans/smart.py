"""The SMART lint: advice on a target’s wording, each piece with its reason, never a refusal.

It follows what reviewers of equality charters found wrong in plans that did not work. The
reviewers of Athena Swan applications name it over and over: actions without a number, “ongoing”,
without a date, all owned by one office, tied to no finding, and mostly “review”.

`lint(draft)` looks at one target, `lint_beside(draft, others)` also at what it shares with the rest
of its plan, `lint_plan(drafts, findings)` at the plan. For pages that hold targets read with
`with_parts()`: `passes(target)` says whether nothing is left to advise on one, `share_passing(
targets)` what share of those that act that is, in per cent. Pure: no query, no request.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from actionplans.models import Target, TargetStatus
from actionplans.quantities import has_quantity
from actionplans.verbs import looking_verb, never_ends
from selfassessment.models import Priority

# Fields of the form that advice may stand beside
ADVISED = ("title", "measure", "baseline", "statements", "due_on", "no_date_reason", "role")
FEW = 4  # targets, from which “most of them” says something
MOST_TARGETS = 15  # three for each of five priorities
LAST_DAY = (
    "Most targets are due on the last day of the plan: give each the day it needs, because what "
    "is all due at once is seen to be late only when the year is over."
)
ONE_OWNER = (
    "One role has most of the targets: share them with those whose work it is, because one person "
    "cannot carry a change that others have to make."
)


@dataclass(frozen=True)
class Advice:
    """What would make a target stronger, and why: one sentence, beside its field."""

    field: str  # of the form; blank: of the plan as a whole
    code: str
    text: str


@dataclass(frozen=True)
class Draft:
    """A target as plain data, saved or not. Dates are days; texts are as typed."""

    title: str = ""
    measure: str = ""
    baseline: str = ""
    has_numbers: bool = False  # a number to aim for
    has_start: bool = False  # the number now
    due_on: dt.date | None = None
    no_date_reason: str = ""
    role: str = ""
    owner: str = ""  # whoever has the account behind the role
    no_owner_reason: str = ""
    no_action_reason: str = ""
    why: str = ""
    statements: frozenset[str] = frozenset()
    priority: str = ""
    last_day: dt.date | None = None  # of the plan

    @classmethod
    def of(cls, target: Target) -> Draft:
        """A saved target; with no query where its statements, owner and plan were read with it."""
        return cls(
            title=target.title,
            measure=target.measure,
            baseline=target.baseline,
            has_numbers=target.aim_value is not None,
            has_start=target.start_value is not None,
            due_on=target.due_on,
            no_date_reason=target.no_date_reason,
            role=target.role,
            owner=str(target.owner_id or ""),
            no_owner_reason=target.no_owner_reason,
            no_action_reason=target.no_action_reason,
            why=target.why,
            statements=frozenset(str(one.pk) for one in target.statements.all()),
            priority=str(target.priority_id or ""),
            last_day=target.plan.ends_on,
        )

    @property
    def acts(self) -> bool:
        """Whether it is a target at all: a decision not to act is complete with its reason."""
        return not self.no_action_reason.strip()

    @property
    def is_due_at_the_end(self) -> bool:
        return self.due_on is not None and self.due_on == self.last_day

    @property
    def who(self) -> str:
        """Whoever is accountable, so written that the same one reads the same."""
        return " ".join((self.role or self.owner).casefold().split())


@dataclass(frozen=True)
class Finding:
    """A priority that the service chose, with the statements in it; keys as text."""

    key: str
    name: str
    statements: frozenset[str] = frozenset()

    @classmethod
    def of(cls, priority: Priority, within: Iterable[int] = ()) -> Finding:
        """A chosen priority; of a section, `within` are the keys of its statements."""
        part = priority.statement or priority.section
        own = {str(priority.statement_id)} if priority.statement_id else set()
        name = part.code if part else ""
        return cls(str(priority.pk), name, frozenset(own | {str(one) for one in within}))


# One target


def lint(draft: Draft) -> tuple[Advice, ...]:
    """All advice on one target by itself, in the order of its form."""
    if not draft.acts:
        return ()
    found = (rule(draft) for rule in RULES)
    return tuple(one for one in found if one)


def looks_only(draft: Draft) -> Advice | None:
    """The main verb only looks: review, explore, consider, discuss and their like.

    Good: “Rewrite the tutor advert”; “Review and rewrite the tutor advert”. Bad: “Review the tutor
    advert”; “Carry out a review of recruitment”. Source: Athena Swan’s reviewers, who found plans
    full of reviewing whose outcome nobody had promised.
    """
    verb = looking_verb(draft.title)
    if not verb:
        return None
    return Advice(
        "title",
        "looks_only",
        f"“{verb.capitalize()}” ends with a look: say what will be different afterwards, because "
        "a plan of reviews can be carried out without changing anything.",
    )


def ongoing(draft: Draft) -> Advice | None:
    """A word that never ends stands where a change should: “ongoing” and its kin.

    Good: “Monthly drop-ins from January to July”. Bad: “Ongoing support”, “training as
    appropriate”. Source: Athena Swan’s reviewers: what is ongoing cannot be late, nor done.
    """
    for field, text in (
        ("title", draft.title),
        ("measure", draft.measure),
        ("no_date_reason", draft.no_date_reason),
    ):
        words = never_ends(text)
        if words:
            return Advice(
                field,
                "ongoing",
                f"Say how often or until when instead of “{words}”, because what never "
                "ends can never be done, or late.",
            )
    return None


def no_number(draft: Draft) -> Advice | None:
    """Nothing in the measure can be counted, and no number to aim for is given.

    Good: “8 members from four settings”, “half of the tutors”, a number in the field beside it.
    Bad: “More tutors take part”, “done by 2 July 2026”, “A6.1”: see quantities.py for what is no
    quantity. Source: Athena Swan’s reviewers (success measures without a number); SMART itself.
    """
    if draft.has_numbers or has_quantity(draft.measure):
        return None
    text = (
        "Put a number in it, how many, how often or what share, because without one people will "
        "disagree later whether it was reached."
        if draft.measure.strip()
        else "Say what anybody could count or see once it is done, because otherwise nobody can "
        "tell whether it was."
    )
    return Advice("measure", "no_number", text)


def no_baseline(draft: Draft) -> Advice | None:
    """Nothing says where things are now.

    Good: “20 of 100 tutors take part today”, or the number now. Bad: a blank. Source: Making
    Music’s guide to action plans begins each target at its baseline; so does Hertfordshire’s
    published method for the self-assessment.
    """
    if draft.baseline.strip() or draft.has_start:
        return None
    return Advice(
        "baseline",
        "no_baseline",
        "Say where you are today, because a change shows only beside where it began.",
    )


def no_finding(draft: Draft) -> Advice | None:
    """Nothing links the target to what was found: no statement, no priority, no word of why.

    Good: statement A6.1 ticked; or “Exit interviews said so”. Bad: none of these. Source: Athena
    Swan’s reviewers: actions that follow from nothing in the self-assessment.
    """
    if draft.statements or draft.priority or draft.why.strip():
        return None
    return Advice(
        "statements",
        "no_finding",
        "Tick the statement it should move, or say why, because a target that follows from a "
        "finding can be checked against it next year.",
    )


def no_date(draft: Draft) -> Advice | None:
    """There is no day by which it is due, and no reason why there is none.

    Good: a date; or “No date, because the hall opens when the builders leave”. Bad: neither.
    Source: Athena Swan’s reviewers; WebCAF, which takes a date or the reason for none.
    """
    if draft.due_on or draft.no_date_reason.strip():
        return None
    return Advice(
        "due_on",
        "no_date",
        "Set a day, or say below why there is none yet, because without a day it waits behind "
        "everything that has one.",
    )


def no_owner(draft: Draft) -> Advice | None:
    """Nobody is accountable, and no reason says why not yet.

    Good: “Curriculum manager”; or “No owner yet, because the post is advertised”. Bad: neither.
    Source: Athena Swan’s reviewers; WebCAF’s action form.
    """
    if draft.role.strip() or draft.owner or draft.no_owner_reason.strip():
        return None
    return Advice(
        "role",
        "no_owner",
        "Name one role, or say below why there is none yet, because what belongs to everybody is "
        "done by nobody.",
    )


Rule = Callable[[Draft], Advice | None]
RULES: tuple[Rule, ...] = (
    looks_only,
    ongoing,
    no_number,
    no_baseline,
    no_finding,
    no_date,
    no_owner,
)


# One target among those of its plan


def lint_beside(draft: Draft, others: Sequence[Draft]) -> tuple[Advice, ...]:
    """Advice on one target, with what it shares with most `others` of its plan."""
    if not draft.acts:
        return ()
    together = (draft, *(one for one in others if one.acts))
    found = (rule(draft, together) for rule in (late_like_most, owned_like_most))
    return (*lint(draft), *(one for one in found if one))


def late_like_most(draft: Draft, together: Sequence[Draft]) -> Advice | None:
    """It is due on the last day of the plan, and so are most: nobody chose the day.

    Good: days spread over the year. Bad: six of eight targets due on 31 August. Source: Athena
    Swan’s reviewers, on plans whose every date is the end of the award.
    """
    dated = [one for one in together if one.due_on]
    if not draft.is_due_at_the_end or not most(
        sum(one.is_due_at_the_end for one in dated), len(dated)
    ):
        return None
    return Advice("due_on", "last_day", LAST_DAY)


def owned_like_most(draft: Draft, together: Sequence[Draft]) -> Advice | None:
    """One role has most targets of the plan, and this one too.

    Good: each area’s own manager. Bad: “Inclusion lead” on seven of nine. Source: Athena Swan’s
    reviewers (all owned by one office); Changing Tracks found inclusion leads often alone.
    """
    if not draft.who or draft.who != busiest(together):
        return None
    return Advice("role", "one_owner", ONE_OWNER)


def busiest(drafts: Sequence[Draft]) -> str:
    """Whoever has most of the targets that have anybody, or nobody."""
    owned = [one.who for one in drafts if one.who]
    who, count = next(iter(Counter(owned).most_common(1)), ("", 0))
    return who if most(count, len(owned)) else ""


def most(count: int, among: int) -> bool:
    """Whether so many of them are most, and they are enough for that to say something."""
    return among >= FEW and 2 * count > among


# The plan


def lint_plan(drafts: Sequence[Draft], findings: Sequence[Finding] = ()) -> tuple[Advice, ...]:
    """Advice on a plan as a whole: its targets together, and the priorities chosen for it."""
    acting = [one for one in drafts if one.acts]
    dated = [one for one in acting if one.due_on]
    found: list[Advice] = []
    if most(sum(one.is_due_at_the_end for one in dated), len(dated)):
        found.append(Advice("due_on", "last_day", LAST_DAY))
    if busiest(acting):
        found.append(Advice("role", "one_owner", ONE_OWNER))
    found += [one for one in (too_many(acting), *left_out(drafts, findings)) if one]
    return tuple(found)


def too_many(acting: Sequence[Draft]) -> Advice | None:
    """More targets than a service can carry in a year: above three for each of five priorities.

    Good: 5 to 15. Bad: 16 and more. Source: music services on the National Working Group name time
    and capacity first among what hurts; the programme asks for three to five priorities.
    """
    if len(acting) <= MOST_TARGETS:
        return None
    return Advice(
        "",
        "too_many",
        f"{len(acting)} targets are more than most services can carry in a year: park some with "
        "their reason, because a few that are finished move more than many that are begun.",
    )


def left_out(drafts: Sequence[Draft], findings: Sequence[Finding]) -> list[Advice]:
    """A priority was chosen, and no target serves it, nor a decision not to act.

    Good: a target linked to it or to one of its statements. Bad: none. Source: Athena Swan’s
    reviewers (findings no action answers); in Changing Tracks audits took the place of acting.
    """
    served = {one.priority for one in drafts}
    linked = {pk for one in drafts for pk in one.statements}
    return [
        Advice(
            "priority",
            "no_target",
            f"Priority {one.name} has no target yet: write one, or the reason why not, because "
            "people who were asked will look for what came of it.",
        )
        for one in findings
        if one.key not in served and not one.statements & linked
    ]


# What the plan page says of its targets


def passes(target: Target) -> bool:
    """Whether nothing is left to advise on this target by itself."""
    return not lint(Draft.of(target))


def share_passing(targets: Iterable[Target]) -> int | None:
    """What share of the targets that act has nothing left to advise, in per cent; None of none.

    Targets that were dropped do not count.
    """
    acting = [one for one in targets if one.acts and one.status != TargetStatus.DROPPED]
    if not acting:
        return None
    return 100 * sum(passes(one) for one in acting) // len(acting)
