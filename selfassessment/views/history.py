"""The history, for those who lead: what changed in a self-assessment, and of one statement."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from portal import access
from portal.access import Permission
from portal.http import AuthedRequest, other_terms, require_safe
from selfassessment.history import History
from selfassessment.models import Audit


@require_safe
def listing(request: AuthedRequest, pk: int) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.HISTORY_VIEW, audit.service)

    history = History(audit)
    wanted = {"kind": request.GET.get("kind", ""), "who": request.GET.get("who", "")}
    page = history.page(**wanted).get_page(request.GET.get("page"))
    return render(
        request,
        "selfassessment/history.html",
        {
            "audit": audit,
            "history": history,
            "wanted": wanted,
            "people": history.people(),
            "page": page,
            "lines": history.lines(page.object_list),
            "query": other_terms(request),
        },
    )


@require_safe
def statement(request: AuthedRequest, pk: int, code: str) -> HttpResponse:
    audit = get_object_or_404(Audit.objects.visible_to(request.user).with_questionnaire(), pk=pk)
    access.require(request.user, Permission.HISTORY_VIEW, audit.service)
    one = get_object_or_404(audit.statements(), code=code)

    history = History(audit)
    agreed, rated = history.of_statement(one)
    return render(
        request,
        "selfassessment/history_statement.html",
        {"audit": audit, "history": history, "statement": one, "agreed": agreed, "rated": rated},
    )
