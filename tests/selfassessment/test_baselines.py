"""Totals from before the portal: typed or from a file, beside the years and never in them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from selfassessment.models import Baseline, BaselineTotal, Exactness
from tests import factories

TYPED = {
    "name": "An older tool",
    "when": "March 2019",
    "lowest": "1",
    "highest": "3",
    "total-TOTAL_FORMS": "2",
    "total-INITIAL_FORMS": "0",
    "total-0-area": "Policies",
    "total-0-total": "40",
    "total-0-most": "60",
    "total-1-area": "",
    "total-1-total": "112",
    "total-1-statements": "61",
}
FILE = b"Date,March 2019\nScale,1 to 3\nPolicies,40 of 60\nTotal,112 of 183\nBy hand,yes\n"


def csv_file(data: bytes = FILE) -> SimpleUploadedFile:
    return SimpleUploadedFile("years.csv", data)


def stored() -> list[tuple[str, str, str, int | None]]:
    rows = BaselineTotal.objects.select_related("baseline").order_by("baseline__taken_on", "order")
    return [(str(one.baseline), one.area, one.as_written, one.statements) for one in rows]


BOTH = [
    ("An older tool, March 2019", "Policies", "40 of 60", 20),
    ("An older tool, March 2019", "", "112 of 183", 61),
]


@pytest.fixture
def add(sign_in, avon):
    return lambda **typed: sign_in("lead").post(
        reverse("baseline_add", args=[avon.slug]), {**TYPED, **typed}
    )


@pytest.fixture
def upload(sign_in, avon):
    """`upload(name="…")` shows what was understood; `upload(understood=…)` brings it in."""

    def sent(who: str = "inclusion_lead", data: bytes = FILE, **typed):
        fields = {"name": "An older tool", "file": csv_file(data), **typed}
        if "understood" in typed:
            fields = typed
        return sign_in(who).post(reverse("baseline_upload", args=[avon.slug]), fields)

    return sent


def test_a_share_is_of_the_way_up_its_own_scale(avon, person):
    total = factories.baseline(avon, by=person("lead")).totals.get()

    # 112 less 61 for 61 statements at 1, of the 122 there could be above that
    assert (total.as_written, total.says) == ("112 of 183", "42% of the way")


@pytest.mark.parametrize("known", [{"lowest": None, "highest": None}, {}])
def test_where_too_little_is_known_it_is_a_share_of_the_maximum_and_says_so(avon, person, known):
    baseline = factories.baseline(avon, by=person("lead"), **known)
    if not known:
        baseline.totals.update(statements=None)

    assert baseline.totals.get().says == "61% of the maximum"


@pytest.mark.parametrize(
    ("exactness", "words"),
    [
        (Exactness.DAY, "4 March 2019"),
        (Exactness.MONTH, "March 2019"),
        (Exactness.SCHOOL_YEAR, "2018/19"),
        (Exactness.YEAR, "2019"),
    ],
)
def test_a_date_is_told_as_closely_as_it_is_known(exactness, words):
    assert Baseline(taken_on=dt.date(2019, 3, 4), exactness=exactness).when == words


def test_totals_can_be_typed_in(add):
    answer = add()

    assert answer.status_code == 302
    assert stored() == BOTH


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"when": "last spring"}, "Write a date such as “March 2019”"),
        ({"when": "March 2119"}, "Choose a date that has been."),
        ({"highest": ""}, "Give both ends of the scale"),
        ({"highest": "1"}, "Give both ends of the scale"),
        ({"name": ""}, "Say what it was."),
        ({"total-0-total": ""}, "Give the total, or clear the row."),
        ({"total-0-total": "70"}, "At most 60"),
        ({"total-0-most": "", "lowest": "", "highest": ""}, "What it is out of"),
        ({"total-1-area": " policies"}, "One total for each area: this is the second."),
        (
            {"total-0-area": "", "total-0-total": "", "total-0-most": ""}
            | {"total-1-total": "", "total-1-statements": ""},
            "Give at least one total.",
        ),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands_and_kept_as_typed(add, typed, complaint):
    answer = add(**typed)

    assert answer.status_code == 422
    assert complaint in answer.text
    assert answer.context["form"]["name"].value() == typed.get("name", "An older tool")
    assert stored() == []


def test_everything_wrong_is_in_one_summary(add):
    answer = add(**{"when": "last spring", "total-0-total": "", "total-1-total": "many"})

    assert "Three things to mend" in answer.text
    assert stored() == []


def test_the_same_name_and_date_twice_is_refused(add):
    add()

    answer = add(**{"total-0-total": "50"})

    assert answer.status_code == 422
    assert "There are totals of this name and date already" in answer.text
    assert stored() == BOTH


def test_a_file_is_shown_cell_by_cell_before_anything_is_stored(upload):
    page = upload()

    assert page.status_code == 200
    assert "the whole, March 2019: 112 of 183, 61 statements" in page.text
    assert "42% of the way" in page.text
    assert "The areas come to 40 together, and the whole is 112." in page.text
    assert [one.read for one in page.context["found"].unused] == ["By hand", "yes"]
    assert stored() == []


def test_the_button_brings_in_exactly_what_was_shown(upload):
    understood = upload().context["understood"]

    upload(understood=understood)

    assert stored() == BOTH


def test_a_file_with_something_wrong_names_the_cell_and_brings_in_nothing(upload):
    page = upload(data=FILE + b"Programming,70 of 66\n")

    assert page.status_code == 422
    assert re.search(r"B6\s*</th>\s*<td>70 of 66</td>\s*<td>At most 66", page.text)
    assert page.context["form"]["name"].value() == "An older tool"
    assert stored() == []


def test_a_file_of_a_time_to_come_is_refused(upload):
    page = upload(data=b"Date,March 2119\nTotal,112 of 183\n")

    assert page.status_code == 422
    assert "A date in it has not been yet." in page.text
    assert stored() == []


def test_what_is_there_already_is_said_in_the_preview_and_refused(upload, add):
    understood = upload().context["understood"]
    add(**{"total-0-total": "50"})
    before = stored()

    page = upload()
    upload(understood=understood)

    assert "These are there already" in page.text
    assert stored() == before


@pytest.mark.parametrize("tampered", ["", "made:up", "{}"])
def test_a_preview_that_is_not_ours_brings_in_nothing(upload, tampered):
    upload(understood=tampered)

    assert stored() == []


def test_a_preview_of_another_service_brings_in_nothing(upload, sign_in, bute):
    understood = upload().context["understood"]

    sign_in("outsider").post(
        reverse("baseline_upload", args=[bute.slug]), {"understood": understood}
    )

    assert stored() == []


def test_a_preview_is_good_for_a_day(upload):
    understood = upload().context["understood"]

    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=1, minutes=1)):
        upload(understood=understood)

    assert stored() == []


def test_totals_can_be_changed_and_rows_taken_out(add, sign_in):
    add()
    baseline = Baseline.objects.get()
    typed = {
        **TYPED,
        "when": "2018/19",
        "total-INITIAL_FORMS": "2",
        "total-0-area": "",
        "total-0-total": "",
        "total-0-most": "",
        "total-1-total": "113",
    }

    sign_in("inclusion_lead").post(reverse("baseline", args=[baseline.pk]), typed)

    assert stored() == [("An older tool, 2018/19", "", "113 of 183", 61)]


def test_a_refused_change_leaves_everything(add, sign_in):
    add()
    add(name="Another")
    other = Baseline.objects.get(name="Another")
    before = stored()

    answer = sign_in("lead").post(reverse("baseline", args=[other.pk]), TYPED)

    assert answer.status_code == 422
    assert stored() == before


def test_deleting_asks_first(add, sign_in):
    add()
    address = reverse("baseline_delete", args=[Baseline.objects.get().pk])
    browser = sign_in("lead")

    asked = browser.get(address).text
    there = stored()
    browser.post(address)

    assert "Delete these totals?" in asked
    assert there == BOTH
    assert stored() == []


def test_the_board_sees_them_and_cannot_change_them(add, sign_in, avon):
    add()

    page = sign_in("board_viewer").get(reverse("baselines", args=[avon.slug])).text

    assert "112 of 183" in page
    assert "Edit" not in page


def test_an_empty_list_says_what_to_do(sign_in, avon):
    address = reverse("baselines", args=[avon.slug])

    assert "bring them in" in sign_in("lead").get(address).text
    assert "can bring in totals of past years" in sign_in("board_viewer").get(address).text


def test_they_stand_beside_the_years_and_the_results_and_in_no_line(sign_in, avon, audit, person):
    factories.baseline(avon, by=person("lead"))
    factories.agree(audit, person("lead"), A1_1=3)
    browser = sign_in("board_viewer")

    trend = browser.get(reverse("trend", args=[avon.slug]))
    results = browser.get(reverse("results", args=[audit.pk]))

    (run,) = trend.context["trend"].runs
    assert [mark.percent for mark in run.whole.chart.marks] == [75]
    assert "112 of 183" in trend.text
    assert "112 of 183" in results.text


def test_another_services_totals_are_nowhere(sign_in, bute, avon, person):
    factories.baseline(bute, by=person("outsider"))

    page = sign_in("lead").get(reverse("trend", args=[avon.slug])).text

    assert "112 of 183" not in page


def test_three_times_take_as_many_queries_as_one(sign_in, avon, person):
    browser, counts = sign_in("lead"), []
    for name in ("One", "Two", "Three"):
        factories.baseline(avon, by=person("lead"), name=name)
        with CaptureQueriesContext(connection) as captured:
            browser.get(reverse("baselines", args=[avon.slug]))
        counts.append(len(captured))

    assert counts[0] == counts[2] == 6


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Baseline, {"highest": 1}),
        (Baseline, {"lowest": None}),
        (Baseline, {"exactness": "roughly"}),
        (BaselineTotal, {"total": Decimal(184)}),
        (BaselineTotal, {"statements": 0}),
    ],
)
def test_the_database_refuses_what_cannot_be(avon, person, model, fields):
    factories.baseline(avon, by=person("lead"))

    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**fields)

    assert BaselineTotal.objects.get().says == "42% of the way"
