"""Rows for tests, made the short way; what a test is about it says itself."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import asdict
from io import BytesIO
from pathlib import Path

from allauth.account.models import EmailAddress
from django.utils import timezone
from django.utils.text import slugify
from PIL import Image

from actionplans import public, wording
from actionplans.models import (
    AGREED_STATES,
    ActionPlan,
    Evidence,
    Milestone,
    Paper,
    PaperFormat,
    PaperKind,
    PlanState,
    PlanUpload,
    ProgressNote,
    Review,
    Target,
    TargetStatus,
    first_day,
    last_day,
)
from actionplans.tables import matching, uploads
from actionplans.tables.cells import Grid
from portal import logos, pictures
from portal.models import Membership, MusicService, NwgSeat, Region, SeatState, User
from portal.papers import PaperState
from portal.years import academic_year
from resources.models import (
    AnnualReview,
    Chapter,
    ChapterKind,
    OwnFigure,
    Picture,
    Printing,
    Quotation,
    Resource,
    ResourceFile,
    ResourceKind,
    ResourcePicture,
    ResourceState,
    ReviewState,
)
from resources.reviews import manuscript
from resources.reviews import pictures as review_pictures
from selfassessment.models import (
    Agreed,
    AgreedRating,
    Answer,
    Area,
    Audit,
    Baseline,
    BaselineTotal,
    EditionMapping,
    Exactness,
    Level,
    PlanArea,
    Priority,
    Questionnaire,
    Rating,
    Respondent,
    Response,
    RoleGroup,
    Scope,
    Section,
    SharedLink,
    Source,
    Stage,
    Statement,
    Status,
    Upload,
    UploadState,
)
from selfassessment.questionnaires import mapping_edits
from selfassessment.sheets.found import Found, Row

PASSWORD = "a-long-test-password"
MATURITY = [
    (0, "Not started", "Nobody could point to anything."),
    (1, "First steps", "Some individuals try things."),
    (2, "Developing", "Agreed, and used in some places."),
    (3, "In place", "Normal practice in most of the service."),
    (4, "Embedded", "Throughout, and checked."),
]
THREE_POINT = [(1, "Not met", ""), (2, "Partly met", ""), (3, "Fully met", "")]
# area, section, section name, statements (those in capitals are in the quick check)
PARTS = [
    ("A", "A1", "Vision and leadership", ["A VISION", "leaders", "words"]),
    ("A", "A2", "Governance", ["A BOARD", "funders"]),
    ("B", "B1", "Policy", ["A POLICY", "checks"]),
]
AREAS = {"A": "Embedding inclusion", "B": "Your policies"}
HOSTILE = [
    '<b onmouseover="alert(1)">bold</b>',
    "{{ request.user.password }} {% now %}",
    "W" * 300,
    "\u202eright to left\u202c שלום",
    "👩🏽‍🎤🎶 Cŵn a thŷ",
    '=HYPERLINK("http://example.org")',
]


def service(name: str, **fields: object) -> MusicService:
    fields = {"region": Region.SOUTH_WEST, "slug": slugify(name), **fields}
    return MusicService.objects.create(name=name, **fields)


def logo(service: MusicService, by: User, alt: str = "Three bells") -> None:
    """A logo of one colour, 300 by 100 pixels."""
    sent = BytesIO()
    Image.new("RGB", (300, 100), (91, 26, 107)).save(sent, "PNG")
    logos.keep(service=service, alt=alt, by=by, picture=logos.picture(sent.getvalue()))


def user(name: str, **fields: object) -> User:
    account = User.objects.create_user(
        f"{name.replace('_', '.')}@example.org",
        PASSWORD,
        name=f"The {name.replace('_', ' ')}",
        **fields,
    )
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    return account


def membership(user: User, service: MusicService, role: str) -> Membership:
    return Membership.objects.create(user=user, service=service, role=role)


def draft(
    name: str = "Test set",
    levels: list[tuple[int, str, str]] = MATURITY,
    parts: list[tuple[str, str, str, list[str]]] = PARTS,
    text: str = "We have {}.",
    guidance: str = "Look for {}.",
    **fields: object,
) -> Questionnaire:
    edition = Questionnaire.objects.create(name=name, **fields)
    for value, label, anchor in levels:
        Level.objects.create(questionnaire=edition, value=value, name=label, anchor=anchor)
    areas: dict[str, Area] = {}
    for number, (area, code, label, statements) in enumerate(parts):
        if area not in areas:
            areas[area] = Area.objects.create(
                questionnaire=edition, code=area, name=AREAS.get(area, area), order=len(areas)
            )
        section = Section.objects.create(
            questionnaire=edition, area=areas[area], code=code, name=label, order=number
        )
        for order, statement in enumerate(statements, start=1):
            Statement.objects.create(
                questionnaire=edition,
                section=section,
                code=f"{code}.{order}",
                text=text.format(statement),
                guidance=guidance.format(statement),
                plan_area=PlanArea.LEADERSHIP,
                quick_check=statement.isupper(),
                order=order,
            )
    return edition


def publish(edition: Questionnaire, by: User) -> Questionnaire:
    edition.status = Status.PUBLISHED
    edition.published_at, edition.published_by = timezone.now(), by
    edition.save()
    return edition


def questionnaire(by: User, **fields: object) -> Questionnaire:
    return publish(draft(**fields), by)


def audit(service: MusicService, questionnaire: Questionnaire, by: User, **fields: object) -> Audit:
    """A self-assessment with its starter's empty response."""
    today = timezone.localdate()
    fields = {
        "year": academic_year(today),
        "finish_on": today + dt.timedelta(days=30),
        "scope": Scope.WHOLE,
        **fields,
    }
    created = Audit.objects.create(
        service=service, questionnaire=questionnaire, started_by=by, **fields
    )
    join(created, by)
    return created


def join(audit: Audit, user: User, role_group: str = RoleGroup.SENIOR) -> Response:
    """A response for somebody with an account: nothing rated yet."""
    who = Respondent.objects.create(
        audit=audit, source=Source.ACCOUNT, user=user, role_group=role_group
    )
    return Response.objects.create(audit=audit, respondent=who, role_group=role_group)


def respondent(
    audit: Audit, role_group: str = RoleGroup.TUTOR, email: str = "", **fields: object
) -> Respondent:
    """Somebody asked by e-mail, who has a response of their own and has rated nothing yet."""
    email = email or f"respondent{audit.respondents.count()}@example.org"
    who = Respondent.objects.create(
        audit=audit, source=Source.EMAIL, email=email, role_group=role_group, **fields
    )
    Response.objects.create(audit=audit, respondent=who, role_group=role_group)
    return who


def shared_link(audit: Audit, by: User, role_group: str = RoleGroup.TUTOR) -> SharedLink:
    """The link of a role group."""
    return SharedLink.objects.create(audit=audit, role_group=role_group, made_by=by)


def heard(
    audit: Audit, role_group: str, *choices: dict[str, int | str], **fields: object
) -> list[Response]:
    """Responses that are in, one for each `{code: choice}`; an anonymous one says nobody's name.

    As after `hand_in` and before the talk: `open_talk` counts them.
    """
    made = []
    statements = {one.code: one for one in audit.questionnaire.statements.all()}
    for said in choices:
        who = respondent(audit, role_group, **fields)
        response = who.response
        Rating.objects.bulk_create(
            Rating(response=response, statement=statements[code], page="factory", **given(choice))
            for code, choice in said.items()
        )
        hand_in(response)
        made.append(response)
    return made


def open_talk(audit: Audit, by: User) -> None:
    """As if the talk had been opened: everything handed in counts."""
    audit.talk_opened_at, audit.talk_opened_by = timezone.now(), by
    audit.save(update_fields=["talk_opened_at", "talk_opened_by"])
    audit.responses.handed_in().update(counted=True)


def agree(audit: Audit, by: User, shown: bool = True, **choices: int | str) -> None:
    """Agreed ratings by code, with a dot written as an underscore: `A1_1=3, A1_2="parked"`."""
    if audit.stage == Stage.RATING:
        open_talk(audit, by)
    for name, choice in choices.items():
        code = name.replace("_", ".")
        level = isinstance(choice, int)
        AgreedRating.objects.create(
            audit=audit,
            statement=Statement.objects.get(questionnaire=audit.questionnaire_id, code=code),
            answer=Agreed.LEVEL if level else choice,
            value=choice if level else None,
            agreed_by=by,
            page="factory",
        )
    if shown:
        audit.totals_shown_at, audit.totals_shown_by = timezone.now(), by
        audit.save(update_fields=["totals_shown_at", "totals_shown_by"])


def prioritise(audit: Audit, by: User, reason: str = "", **standings: str) -> None:
    """Statements or sections chosen or parked, in this order: `A1_1="chosen", B1="parked"`."""
    for order, (name, standing) in enumerate(standings.items(), start=1):
        kind, parts = ("statement", Statement) if "_" in name else ("section", Section)
        part = parts.objects.get(questionnaire=audit.questionnaire_id, code=name.replace("_", "."))
        Priority.objects.create(
            audit=audit,
            standing=standing,
            reason=reason,
            order=order,
            decided_by=by,
            **{kind: part},
        )


def agree_alone(response: Response) -> None:
    """As if the one person who rated had taken their ratings as the agreed ones."""
    audit = response.audit
    hand_in(response)
    audit.alone = True
    audit.save(update_fields=["alone"])
    open_talk(audit, audit.started_by)
    for rating in response.ratings.filter(answer__in=Agreed.values):
        AgreedRating.objects.create(
            audit=audit,
            statement=rating.statement,
            answer=rating.answer,
            value=rating.value,
            reason=rating.reason,
            agreed_by=audit.started_by,
            page="factory",
        )
    agree(audit, audit.started_by)


def sharers(beside: Audit, by: User, how_many: int = 6, **choices: int | str) -> list[Audit]:
    """Other services that agreed this on the same edition and year, and share it."""
    made = []
    for number in range(how_many):
        other = service(f"Sharer {number} beside {beside.pk}")
        fields = {"year": beside.year, "scope": beside.scope}
        made.append(audit(other, beside.questionnaire, by=by, **fields))
        agree(made[-1], by, **choices)
        made[-1].shared_at, made[-1].shared_by = timezone.now(), by
        made[-1].save(update_fields=["shared_at", "shared_by"])
    return made


def rate(response: Response, code: str, choice: int | str, **fields: object) -> Rating:
    """Give a rating: a number is a level, otherwise “dk” or “na”."""
    statement = Statement.objects.get(questionnaire=response.audit.questionnaire_id, code=code)
    return Rating.objects.create(
        response=response, statement=statement, page="factory", **given(choice), **fields
    )


def given(choice: int | str) -> dict[str, object]:
    """An answer as a rating holds it: a number is a level."""
    if isinstance(choice, int):
        return {"answer": Answer.LEVEL, "value": choice}
    return {"answer": choice}


def hand_in(response: Response) -> None:
    """As if it had been handed in, whatever is missing."""
    who = response.respondent
    who.handed_in = True
    who.save(update_fields=["handed_in"])
    response.handed_in_at = timezone.now()
    if response.audit.is_anonymous:
        response.handed_in_at, response.respondent = response.audit.started_at, None
    response.save(update_fields=["handed_in_at", "respondent"])


def upload(audit: Audit, by: User, role_group: str = RoleGroup.TUTOR, **fields: object) -> Upload:
    """A workbook brought in for somebody else and read: it rates A1.1 with 3, unless told."""
    statement = Statement.objects.get(questionnaire=audit.questionnaire_id, code="A1.1")
    rows = {statement.pk: Row({"rating": "3"}, {})}
    fields = {
        "file_name": "Jo Bloggs.xlsx",
        "state": UploadState.READY,
        "found": Found(rows=rows).as_json(),
        **fields,
    }
    return Upload.objects.create(audit=audit, uploaded_by=by, role_group=role_group, **fields)


def mapping(
    older: Questionnaire, newer: Questionnaire, by: User, reviewed: bool = False
) -> EditionMapping:
    """What codes and words suggest of two editions; `reviewed` without asking whether it may be."""
    made = mapping_edits.prepare(older=older, newer=newer, by=by)
    if reviewed:
        made.reviewed_at, made.reviewed_by = timezone.now(), by
        made.save(update_fields=["reviewed_at", "reviewed_by"])
    return made


def baseline(service: MusicService, by: User, **fields: object) -> Baseline:
    """112 of 183 in March 2019, 61 statements on a scale of 1 to 3."""
    fields = {
        "name": "An older tool",
        "taken_on": dt.date(2019, 3, 1),
        "exactness": Exactness.MONTH,
        "lowest": 1,
        "highest": 3,
        **fields,
    }
    made = Baseline.objects.create(service=service, brought_in_by=by, **fields)
    BaselineTotal.objects.create(baseline=made, total=112, most=183, statements=61)
    return made


def data_file(name: str) -> Path:
    return Path(__file__).resolve().parent.parent / "selfassessment" / "data" / name


def plan(
    service: MusicService,
    by: User,
    state: str = PlanState.DRAFT,
    year: int | None = None,
    **fields: object,
) -> ActionPlan:
    """A plan for an academic year (this one), with all that its state needs."""
    year = academic_year(timezone.localdate()) if year is None else year
    now = timezone.now()
    fields = {"starts_on": first_day(year), "ends_on": last_day(year), "started_by": by, **fields}
    if state in AGREED_STATES:
        fields = {
            "approver": "The board",
            "approved_on": timezone.localdate(),
            "approved_at": now,
            "approved_by": by,
            **fields,
        }
    if state in {PlanState.UNDER_WAY, PlanState.CLOSED}:
        fields = {"begun_at": now, "begun_by": by, **fields}
    if state == PlanState.CLOSED:
        fields = {"closed_at": now, "closed_by": by, **fields}
    return ActionPlan.objects.create(service=service, state=state, **fields)


def target(
    plan: ActionPlan,
    by: User,
    title: str = "Start paid reflection groups",
    area: str = PlanArea.WORKFORCE,
    statements: str = "",
    **fields: object,
) -> Target:
    """A target; `statements="A1.1 B1"` are codes of the edition of the plan's audit.

    In an approved plan its wording is the one that was approved.
    """
    taken = Target.objects.filter(plan=plan, area=area).count()
    if fields.get("status", TargetStatus.OPEN) != TargetStatus.OPEN:
        fields = {"ended_on": timezone.localdate(), "ended_reason": "It was.", **fields}
    made = Target.objects.create(
        plan=plan, area=area, number=taken + 1, title=title, changed_by=by, **fields
    )
    if statements:
        codes = statements.split()
        edition = plan.audit.questionnaire_id
        made.statements.set(Statement.objects.filter(questionnaire=edition, code__in=codes))
    if plan.state in AGREED_STATES:
        made.approved_wording = wording.of(made)
        made.save(update_fields=["approved_wording"])
    return made


def note(
    target: Target, by: User, text: str = "Two groups have met.", **fields: object
) -> ProgressNote:
    return ProgressNote.objects.create(target=target, written_by=by, text=text, **fields)


def summary(plan: ActionPlan, by: User, **choice: object) -> None:
    """A public summary of all its targets, as it is previewed now."""
    targets = public.offered(plan)
    chosen = {"targets": frozenset(one.pk for one in targets), **choice}
    shown = public.Choice(**chosen)
    previewed = public.key(public.collect(plan, shown, targets))
    public.publish(plan=plan, choice=shown, previewed=previewed, by=by)


def step(target: Target, text: str = "Terms agreed", **fields: object) -> Milestone:
    """A milestone, to come unless it is said to be done."""
    return Milestone.objects.create(target=target, text=text, **fields)


def evidence(
    note: ProgressNote, by: User, content: bytes = b"Who came, and when.", **fields: object
) -> Evidence:
    """A text file behind a note."""
    fields = {
        "file_name": "Who came.txt",
        "media_type": "text/plain",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        **fields,
    }
    return Evidence.objects.create(note=note, added_by=by, content=content, **fields)


def paper(plan: ActionPlan, by: User, kind: str = PaperKind.PLAN, **fields: object) -> Paper:
    """A paper of a plan, waiting for the worker, as if it had been asked for now."""
    fields = {
        "format": PaperFormat.PDF,
        "key": f"{plan.papers.count():064}",
        "data": {"head": {"state": plan.state, "rests_on": []}},
        **fields,
    }
    return Paper.objects.create(
        service=plan.service, plan=plan, kind=kind, requested_by=by, **fields
    )


def review(plan: ActionPlan, by: User, **fields: object) -> Review:
    """A review of a plan, planned for today."""
    fields = {"name": "Autumn term review", "held_on": timezone.localdate(), **fields}
    return Review.objects.create(plan=plan, planned_by=by, **fields)


def plan_upload(
    plan: ActionPlan, by: User, rows: list[list[str]] | None = None, **fields: object
) -> PlanUpload:
    """A table brought into a plan and read: one target, unless told."""
    rows = rows or [["Plan area", "What will change"], ["Workforce development", "Pay for time"]]
    grids = [Grid("", rows)]
    fields = {
        "file_name": "plan.csv",
        "state": UploadState.READY,
        "table": {"sheets": [asdict(one) for one in grids]},
        "matched": matching.guess(grids, uploads.period_of(plan)).as_json(),
        **fields,
    }
    return PlanUpload.objects.create(plan=plan, uploaded_by=by, **fields)


def seat(service: MusicService, user: User, by: User, place: int = 1) -> NwgSeat:
    """A live NWG seat."""
    return NwgSeat.objects.create(
        service=service,
        user=user,
        place=place,
        state=SeatState.LIVE,
        from_on=timezone.localdate(),
        proposed_by=by,
        given_at=timezone.now(),
        given_by=by,
    )


def resource(title: str = "A guide to reflection", **fields: object) -> Resource:
    """Published today, for everybody, a link to somewhere."""
    fields = {
        "slug": slugify(title)[:190],
        "summary": "How tutors reflect together.",
        "kind": ResourceKind.GUIDE,
        "state": ResourceState.PUBLISHED,
        "published_on": timezone.localdate(),
        "link": "https://example.org/guide",
        **fields,
    }
    return Resource.objects.create(title=title, **fields)


def resource_file(
    resource: Resource, by: User, content: bytes = b"Ask, listen, act.", **fields: object
) -> ResourceFile:
    """A small text to take away."""
    fields = {"file_name": "checklist.txt", "media_type": "text/plain", **fields}
    return ResourceFile.objects.create(
        resource=resource,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        added_by=by,
        **fields,
    )


def resource_picture(
    resource: Resource, by: User, name: str = "diary", **fields: object
) -> ResourcePicture:
    """A small picture that its text may show."""
    sent = BytesIO()
    Image.new("RGB", (300, 200), (91, 26, 107)).save(sent, "PNG")
    content = sent.getvalue()
    fields = {"alt": "A diary, open on a table", "width": 300, "height": 200, **fields}
    return ResourcePicture.objects.create(
        resource=resource,
        name=name,
        image=content,
        media_type="image/png",
        sha256=hashlib.sha256(content).hexdigest(),
        added_by=by,
        **fields,
    )


def annual_review(by: User, **fields: object) -> AnnualReview:
    """A draft for the academic year before this."""
    year = academic_year(timezone.localdate()) - 1
    written = {"started_by": by, "written_by": by}
    fields = {"year": year, "title": "What we learned", **written, **fields}
    if fields.get("state") in {ReviewState.PUBLISHED, ReviewState.SUPERSEDED}:
        fields = {"published_at": timezone.now(), "published_by": by, **fields}
    return AnnualReview.objects.create(**fields)


def version(review: AnnualReview, by: User, content: bytes = b"", **fields: object) -> Printing:
    """What the review says now, published as its next version; ready where it has a PDF."""
    data: object = manuscript.compose(review)
    number = review.printings.versions().count() + 1
    fields = {"data": data, "key": f"version-{number}", "number": number, **fields}
    if content:
        done = {"state": PaperState.READY, "finished_at": timezone.now(), "size": len(content)}
        fields = {
            **done,
            "content": content,
            "sha256": hashlib.sha256(content).hexdigest(),
            **fields,
        }
    return review.printings.create(
        published_at=timezone.now(), published_by=by, requested_by=by, **fields
    )


def chapter(review: AnnualReview, by: User, title: str = "Starting", **fields: object) -> Chapter:
    fields = {"kind": ChapterKind.THEME, "order": review.chapters.count(), **fields}
    return Chapter.objects.create(review=review, title=title, saved_by=by, **fields)


def quotation(
    chapter: Chapter, by: User, text: str = "I was heard.", **fields: object
) -> Quotation:
    """What somebody said, with consent on record unless the fields say otherwise."""
    agreed = {"consent": True, "consent_note": "By mail, 3 May"}
    order = chapter.quotations.count() + 1
    return chapter.quotations.create(text=text, saved_by=by, **{"order": order, **agreed, **fields})


def picture(
    chapter: Chapter,
    by: User,
    alt: str = "A choir, seen from behind",
    size: tuple[int, int] = (60, 40),
    colour: str = "purple",
) -> Picture:
    """A picture in a chapter, after those that are there."""
    sent = BytesIO()
    Image.new("RGB", size, colour).save(sent, "PNG")
    pixels = pictures.for_page(sent.getvalue())
    order = chapter.pictures.count() + 1
    return review_pictures.keep(chapter, order, pixels, alt, "", by)


def own_figure(
    review: AnnualReview, name: str = "Meetings of the NWG", value: str = "4"
) -> OwnFigure:
    return OwnFigure.objects.create(
        review=review, name=name, value=value, definition="Minutes of the year."
    )
