"""A plan of sixty targets with its notes, and ten years of a service: the pages, papers, package.

What is added for the papers and the package is taken back at the end.
"""

import datetime as dt
import json
import statistics
import time
from decimal import Decimal
from itertools import cycle

from django.db import connection, transaction
from django.utils import timezone

from actionplans import wording
from actionplans.models import (
    ActionPlan,
    Evidence,
    Milestone,
    PlanState,
    ProgressNote,
    Rag,
    Target,
    first_day,
    last_day,
)
from actionplans.papers import asking, making
from changingtracks.everything import package
from dev.bench.asks import Ask
from dev.bench.counting import Queries
from portal.models import MusicService, User
from portal.years import academic_year
from selfassessment.models import (
    Agreed,
    AgreedRating,
    Audit,
    PlanArea,
    Questionnaire,
    Respondent,
    RoleGroup,
    Source,
)

TARGETS, NOTES, STEPS, YEARS, TIMES = 60, 6, 3, 10, 6
FILE = bytes(range(256)) * 800  # 200 kB


def plan_of_sixty() -> ActionPlan:
    """The one there is, or a new one beside those of the music service that agreed last."""
    there = ActionPlan.objects.filter(starts_on__year=1999).select_related("started_by").first()
    return there or make(shown(), 1999)


def shown() -> Audit:
    found = Audit.objects.filter(closed_at__isnull=False).select_related("service", "started_by")
    return found.filter(scope="whole").latest("closed_at")


@transaction.atomic
def make(audit: Audit, year: int, targets: int = TARGETS) -> ActionPlan:
    by, now = audit.started_by, timezone.now()
    plan = ActionPlan.objects.create(
        service=audit.service,
        audit=audit,
        starts_on=first_day(year),
        ends_on=last_day(year),
        state=PlanState.UNDER_WAY,
        started_by=by,
        approver="The board",
        approved_on=first_day(year),
        approved_at=now,
        approved_by=by,
        begun_at=now,
        begun_by=by,
    )
    statements = cycle(audit.statements().prefetch_related("topics"))
    for number in range(targets):
        write(plan, number, next(statements), by)
    return plan


def write(plan: ActionPlan, number: int, statement: object, by: User) -> None:
    area = PlanArea.values[number % 4]
    target = Target.objects.create(
        plan=plan,
        area=area,
        number=number // 4 + 1,
        title=f"Something that {number} of our schools will see change",
        measure=f"{number + 10} tutors take part, and two thirds say that it helped",
        baseline="Two take part now",
        start_value=2,
        aim_value=number + 10,
        unit="tutors",
        steps="Ask. Pay for the time. Tell everybody.",
        role=f"Role {number % 7}",
        owner=by,
        starts_on=plan.starts_on,
        due_on=plan.starts_on + dt.timedelta(days=60 + 4 * number),
        changed_by=by,
    )
    target.statements.set([statement])
    target.topics.set(statement.topics.all())
    target.approved_wording = wording.of(target)
    target.save(update_fields=["approved_wording"])
    for step in range(STEPS):
        day = plan.starts_on + dt.timedelta(days=30 * (step + 1))
        Milestone.objects.create(target=target, text=f"Step {step}", due_on=day, order=step)
    for count in range(NOTES):
        ProgressNote.objects.create(
            target=target,
            noted_on=plan.starts_on + dt.timedelta(days=20 * (count + 1)),
            text="Half of them have met, and the other half will after the holidays. " * 2,
            rag=Rag.values[count % 3],
            value=Decimal(count + 2),
            young_people="They chose what is rehearsed." if count % 3 == 0 else "",
            written_by=by,
        )


def asks(cookies: str) -> dict[str, list[Ask]]:
    """The pages of that plan and of today, by its lead."""
    plan = plan_of_sixty()
    return {"plan": [Ask(f"/plans/{plan.pk}/", cookies)], "home": [Ask("/", cookies)]}


def measure() -> dict[str, dict[str, float]]:
    """The year report and the board paper of sixty targets, and everything of ten years."""
    plan = plan_of_sixty()
    found = {kind: paper(plan, kind) for kind in ("year_report", "board_paper", "plan")}
    with transaction.atomic():
        found["everything"] = everything(ten_years())
        transaction.set_rollback(True)
    return found


def paper(plan: ActionPlan, kind: str) -> dict[str, float]:
    times, sizes, counted = [], [], Queries()
    for _ in range(TIMES):
        begun = time.perf_counter()
        with connection.execute_wrapper(counted := Queries()):
            data = asking.says(plan, kind)
        sizes.append(len(making.MAKERS[kind, "pdf"](data)))
        times.append(time.perf_counter() - begun)
    return {
        "median": statistics.median(times[1:]),
        "queries": counted.count,
        "bytes": statistics.median(sizes),
    }


def everything(service: MusicService) -> dict[str, float]:
    begun = time.perf_counter()
    made = package.make(service)
    return {"median": time.perf_counter() - begun, "bytes": len(made)}


def ten_years() -> MusicService:
    """A service with ten closed self-assessments of a team, ten plans and a hundred files."""
    by = shown().started_by
    service = MusicService.objects.create(name="Ten years", slug="ten-years", region="London")
    edition = Questionnaire.objects.in_use().latest("pk")
    now = academic_year(timezone.localdate())
    for year in range(now - YEARS, now):
        plan = make(closed(service, edition, year, by), year, targets=20)
        for note in ProgressNote.objects.filter(target__plan=plan, young_people__gt="")[:10]:
            Evidence.objects.create(
                note=note,
                file_name="minutes.pdf",
                media_type="application/pdf",
                size=len(FILE),
                sha256="0" * 64,
                content=FILE,
                added_by=by,
            )
    return service


def closed(service: MusicService, edition: Questionnaire, year: int, by: User) -> Audit:
    moment = timezone.now()
    said = dict.fromkeys(("started", "talk_opened", "totals_shown", "closed"), moment)
    audit = Audit.objects.create(
        service=service,
        questionnaire=edition,
        year=year,
        finish_on=timezone.localdate(),
        **{f"{name}_at": at for name, at in said.items()},
        **{f"{name}_by": by for name in said},
    )
    Respondent.objects.bulk_create(
        Respondent(audit=audit, source=Source.WORKBOOK, role_group=RoleGroup.TUTOR, handed_in=True)
        for _ in range(20)
    )
    AgreedRating.objects.bulk_create(
        AgreedRating(
            audit=audit,
            statement=statement,
            answer=Agreed.LEVEL,
            value=(place + year) % 5,
            reason="As the group sees it.",
            agreed_by=by,
            page="bench",
        )
        for place, statement in enumerate(audit.statements())
    )
    return audit


if __name__ == "__main__":
    print(json.dumps(measure()))
