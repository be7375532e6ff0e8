"""Writing a target: what is saved, what is refused, and that nothing typed is lost."""

from __future__ import annotations

from django.urls import reverse

from actionplans.models import ActionPlan, Target
from selfassessment.models import PlanArea
from tests.actionplans.sent import as_sent


def test_a_target_is_added_with_the_next_number_of_its_area(sign_in, target):
    browser, address = sign_in("lead"), reverse("target_add", args=[target.plan_id])
    typed = {"area": PlanArea.WORKFORCE.value, "title": "Pay for reflection"}

    answer = browser.post(address, as_sent(browser.get(address).text, **typed))

    added = Target.objects.latest("pk")
    assert (answer.status_code, answer.url) == (302, added.get_absolute_url())
    assert (added.reference, added.title) == ("WD-2", "Pay for reflection")


def test_two_clicks_lead_from_a_statement_to_a_saved_target(sign_in, agreed):
    browser, address = sign_in("lead"), reverse("target_from", args=[agreed.pk, "A1.1"])

    browser.post(address, as_sent(browser.get(address).text))

    plan = ActionPlan.objects.get()
    target = plan.targets.get()
    assert (plan.state, plan.audit) == ("draft", agreed)
    assert target.title == "We have A VISION."
    assert target.baseline == f"Agreed at 1, First steps, in {agreed.year_name}"
    assert [one.code for one in target.statements.all()] == ["A1.1"]
    assert target.priority == agreed.priorities.get(statement__code="A1.1")
    assert (target.area, target.aim_level) == (PlanArea.LEADERSHIP, 2)
