"""Priorities: what is offered, how few are chosen, what is parked, and what comes back."""

from __future__ import annotations

import re

import pytest

from portal.models import Activity, Verb
from selfassessment.models import (
    Audit,
    Priority,
    RoleGroup,
    Section,
    Standing,
    Statement,
)
from selfassessment.talk import choosing, priorities
from tests import factories

TAGS = re.compile(r"<svg.*?</svg>|<[^>]+>", re.DOTALL)


@pytest.fixture
def agreed(audit, person):
    """Avon agreed: two gaps, one parked, and one high on which views are wide apart."""
    factories.heard(
        audit,
        RoleGroup.TUTOR,
        {"A1.1": 0, "A2.1": 4},
        {"A1.1": 1, "A2.1": 0},
        {"A1.1": 1, "A2.1": 4},
    )
    said = {"A1_1": 1, "A1_2": 0, "A1_3": "parked", "A2_1": 4, "A2_2": 3, "B1_1": 2}
    factories.agree(audit, person("lead"), shown=False, **said)
    return audit


def address(audit) -> str:
    return f"/self-assessments/{audit.pk}/priorities/"


def key(code: str) -> str:
    if "." in code:
        return f"s{Statement.objects.get(code=code).pk}"
    return f"x{Section.objects.get(code=code).pk}"


def sent(audit, go: str = "save", rest: str = "", **decisions: str | tuple[str, str]) -> dict:
    """The form with `A1_1="chosen"` or `A1_1=("parked", "why")`."""
    typed = {
        "as_read": priorities.as_read(audit.priorities.all()),
        "go": go,
        "rest_reason": rest,
    }
    for name, decision in decisions.items():
        standing, reason = decision if isinstance(decision, tuple) else (decision, "")
        prefix = key(name.replace("_", "."))
        typed |= {f"{prefix}-standing": standing, f"{prefix}-reason": reason}
    return typed


def saved(audit) -> list[tuple[str, str, str]]:
    rows = audit.priorities.decided().select_related("statement", "section")
    return [((one.statement or one.section).code, one.standing, one.reason) for one in rows]


def groups(audit) -> dict[str, list[str]]:
    found = choosing.read(audit, with_talk=True)
    return {
        group.title: [one.part.code for one in (*group.options, *group.folded)]
        for group in found.groups
    }


def words(html: str) -> str:
    return " ".join(TAGS.sub(" ", html).split())


def test_gaps_wide_views_and_sections_are_offered(agreed):
    assert groups(agreed) == {
        "Gaps": ["A1.1", "A1.2"],
        "Where views differ most": ["A2.1"],
        "Whole sections": ["A1", "A2", "B1"],
    }


def test_flagged_statements_are_offered(agreed):
    for response in agreed.responses.counted():
        factories.rate(response, "B1.1", 2, discuss=True)

    assert groups(agreed)["Flagged to discuss"] == ["B1.1"]


def test_last_years_come_back_first(sign_in, agreed, avon, questionnaire, person):
    before = factories.audit(avon, questionnaire, person("lead"), year=agreed.year - 1)
    factories.agree(before, person("lead"), A1_1=1, B1_1="parked")
    by_code = {one.code: one for one in Statement.objects.all()}
    Priority.objects.create(
        audit=before,
        statement=by_code["A1.1"],
        reason="Families said so.",
        decided_by=person("lead"),
    )
    Priority.objects.create(
        audit=before,
        statement=by_code["A2.2"],
        standing=Standing.PARKED,
        reason="Wait for the grant.",
        decided_by=person("lead"),
    )

    page = words(sign_in("lead").get(address(agreed)).text)

    title = f"From {before.year_name}"
    assert next(iter(groups(agreed))) == title
    assert groups(agreed)[title] == ["A1.1", "A2.2", "B1.1"]
    assert f"{before.year_name}, a priority: Families said so." in page
    assert f"{before.year_name}, parked: Wait for the grant." in page


def test_lead_chooses_three_in_order(sign_in, agreed, person):
    typed = sent(agreed, A2_1="chosen", A1_1=("chosen", "Families said so."), B1="chosen")

    answer = sign_in("inclusion_lead").post(address(agreed), typed)

    assert answer.url == address(agreed)
    assert saved(agreed) == [
        ("A1.1", "chosen", "Families said so."),
        ("A2.1", "chosen", ""),
        ("B1", "chosen", ""),
    ]
    assert list(agreed.priorities.values_list("order", flat=True)) == [1, 2, 3]
    assert list(Activity.objects.values_list("verb", "by")) == [
        (Verb.PRIORITISED, person("inclusion_lead").pk)
    ]


@pytest.mark.parametrize(
    ("codes", "says", "button"),
    [
        (["A1_1"], "Only one?", "Keep one anyway"),
        (["A1_1", "A1_2"], "Only two?", "Keep two anyway"),
        (["A1_1", "A1_2", "A2_1", "A1", "A2", "B1"], "Six priorities?", "Keep six anyway"),
    ],
)
def test_too_few_or_too_many_take_a_second_press(sign_in, agreed, codes, says, button):
    browser = sign_in("lead")
    typed = sent(agreed, **dict.fromkeys(codes, "chosen"))

    first = browser.post(address(agreed), typed)
    kept = saved(agreed)
    browser.post(address(agreed), typed | {"go": "keep"})

    assert first.status_code == 422
    assert says in first.text
    assert button in first.text
    assert kept == []
    assert len(saved(agreed)) == len(codes)


@pytest.mark.parametrize("count", [3, 4, 5])
def test_three_to_five_need_no_second_press(sign_in, agreed, count):
    codes = ["A1_1", "A1_2", "A2_1", "A2", "B1"][:count]

    answer = sign_in("lead").post(address(agreed), sent(agreed, **dict.fromkeys(codes, "chosen")))

    assert answer.status_code == 302
    assert len(saved(agreed)) == count


def test_who_kept_two_is_not_asked_again(sign_in, agreed):
    browser = sign_in("lead")
    browser.post(address(agreed), sent(agreed, go="keep", A1_1="chosen", A1_2="chosen"))

    answer = browser.post(address(agreed), sent(agreed, A1_1=("chosen", "Now."), A1_2="chosen"))

    assert answer.status_code == 302
    assert saved(agreed)[0] == ("A1.1", "chosen", "Now.")


def test_priorities_move_without_a_script(sign_in, agreed):
    browser = sign_in("lead")
    three = {"A1_1": "chosen", "A1_2": "chosen", "A2_1": "chosen"}
    browser.post(address(agreed), sent(agreed, **three))

    browser.post(address(agreed), sent(agreed, go=f"up-{key('A2.1')}", **three))
    up = [code for code, _, _ in saved(agreed)]
    browser.post(address(agreed), sent(agreed, go=f"down-{key('A1.1')}", **three))

    assert up == ["A1.1", "A2.1", "A1.2"]
    assert [code for code, _, _ in saved(agreed)] == ["A2.1", "A1.1", "A1.2"]


def test_parking_needs_a_reason(sign_in, agreed):
    answer = sign_in("lead").post(address(agreed), sent(agreed, A1_1="parked"))

    assert answer.status_code == 422
    assert "Error: Say why this waits" in answer.text
    assert saved(agreed) == []


def test_one_reason_serves_for_all_that_have_none(sign_in, agreed):
    typed = sent(agreed, rest="No money.", A1_1="parked", A1_2=("parked", "Too early."))

    sign_in("lead").post(address(agreed), typed)

    assert saved(agreed) == [("A1.1", "parked", "No money."), ("A1.2", "parked", "Too early.")]


def test_the_rest_is_parked_in_one_go(sign_in, agreed):
    browser = sign_in("lead")
    typed = sent(agreed, go="park", A1_1="", A1_2="", A2_1="chosen")

    refused = browser.post(address(agreed), typed)
    browser.post(address(agreed), typed | {"rest_reason": "Next year."})

    assert "Say why the rest waits until next year." in refused.text
    assert saved(agreed) == [
        ("A2.1", "chosen", ""),
        ("A1.1", "parked", "Next year."),
        ("A1.2", "parked", "Next year."),
    ]
    assert choosing.read(agreed, with_talk=False).open == []


def test_a_whole_section_takes_its_statements_with_it(sign_in, agreed):
    sign_in("lead").post(address(agreed), sent(agreed, go="keep", A1="chosen"))

    assert choosing.read(agreed, with_talk=False).open == []


def test_a_decision_is_taken_back(sign_in, agreed):
    browser = sign_in("lead")
    browser.post(address(agreed), sent(agreed, go="keep", A1_1="chosen"))

    browser.post(address(agreed), sent(agreed, A1_1=""))

    assert saved(agreed) == []
    events = Priority.objects.get().events.order_by("pgh_id")
    assert [event.standing for event in events] == [Standing.CHOSEN, ""]


def test_what_the_page_did_not_show_stays(sign_in, agreed):
    browser = sign_in("lead")
    browser.post(address(agreed), sent(agreed, A1_1=("parked", "Later.")))

    browser.post(address(agreed), sent(agreed, go="keep", A1_2="chosen"))

    assert saved(agreed) == [("A1.2", "chosen", ""), ("A1.1", "parked", "Later.")]


def test_two_leads_overwrite_nothing_in_silence(sign_in, agreed):
    mine = sent(agreed, A1_1=("chosen", "Mine."), A1_2="chosen", A2_1="chosen")
    sign_in("inclusion_lead").post(
        address(agreed), sent(agreed, A1_1=("parked", "Theirs."), rest="Wait.")
    )
    browser = sign_in("lead")

    clash = browser.post(address(agreed), mine)
    between = saved(agreed)
    shown = re.search(r'name="as_read" value="(\w+)"', clash.text)[1]
    browser.post(address(agreed), mine | {"as_read": shown, "go": "keep"})

    assert clash.status_code == 409
    assert "Somebody else decided meanwhile" in clash.text
    assert "A1.1 : Parked until next year. Theirs." in words(clash.text)
    assert "Mine." in clash.text
    assert between == [("A1.1", "parked", "Theirs.")]
    assert saved(agreed)[0] == ("A1.1", "chosen", "Mine.")


@pytest.mark.parametrize("name", ["group_member", "board_viewer"])
def test_members_read_what_was_decided_once_totals_are_shown(sign_in, agreed, person, name):
    lead = person("lead")
    priorities.decide(
        audit=agreed,
        decisions={
            Statement.objects.get(code="A1.1"): priorities.Decision("chosen", "Families said so."),
            Statement.objects.get(code="A2.1"): priorities.Decision("parked", "Too early."),
        },
        read=priorities.as_read([]),
        by=lead,
    )
    browser = sign_in(name)
    before = browser.get(address(agreed))
    factories.agree(agreed, lead)

    page = words(browser.get(address(agreed)).text)

    assert before.url == f"/self-assessments/{agreed.pk}/results/"
    assert "1 A1.1 We have A VISION. Families said so. 1 First steps" in page
    assert "Parked until next year A2.1 We have A BOARD. Too early. 4 Embedded" in page
    assert "Not decided Agreed below the middle" in page
    assert "levels apart" not in page


@pytest.mark.parametrize("name", ["group_member", "board_viewer", "outsider", "team"])
def test_others_decide_nothing(sign_in, agreed, name):
    answer = sign_in(name).post(address(agreed), sent(agreed, go="keep", A1_1="chosen"))

    assert answer.status_code == (404 if name in {"outsider", "team"} else 403)
    assert saved(agreed) == []


def test_nothing_is_decided_while_people_rate(sign_in, audit):
    answer = sign_in("lead").post(
        address(audit), sent(audit, go="keep", A1_1="chosen"), follow=True
    )

    assert "The talk is not open, so nothing was changed." in answer.text
    assert saved(audit) == []


def test_three_points_have_one_low_level(person, avon):
    edition = factories.questionnaire(by=person("team"), levels=factories.THREE_POINT)
    audit = factories.audit(avon, edition, by=person("lead"))
    factories.agree(audit, person("lead"), A1_1=1, A1_2=2, A1_3=3)

    assert groups(audit)["Gaps"] == ["A1.1"]


def test_hostile_text_comes_out_as_text(sign_in, agreed):
    browser = sign_in("lead")
    browser.post(address(agreed), sent(agreed, go="keep", A1_1=("chosen", factories.HOSTILE[0])))
    agreed.agreed_ratings.update(reason=factories.HOSTILE[0])

    page = browser.get(address(agreed)).text

    assert "<b onmouseover" not in page
    assert page.count("&lt;b onmouseover=&quot;alert(1)&quot;&gt;bold&lt;/b&gt;") > 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_any_number(
    sign_in, agreed, person, count, django_assert_num_queries
):
    for order, statement in enumerate(agreed.statements()[:count], start=1):
        Priority.objects.create(
            audit=agreed, statement=statement, order=order, decided_by=person("lead")
        )
    browser, board = sign_in("lead"), sign_in("board_viewer")

    with django_assert_num_queries(16):
        browser.get(address(agreed))
    Audit.objects.update(totals_shown_at=agreed.started_at, totals_shown_by=person("lead"))
    with django_assert_num_queries(9):
        board.get(address(agreed))
