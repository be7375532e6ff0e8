"""Papers of a plan: asked for, made by the worker while a page says how far it is, taken away."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from actionplans.forms.papers import PaperForm
from actionplans.models import ActionPlan, Paper, PaperFormat, PaperKind
from actionplans.papers import asking
from portal import access, papers
from portal.access import Permission
from portal.exports import attachment
from portal.http import AuthedRequest, form_status, is_htmx, require_form_methods, require_safe

TYPES: dict[str, str] = {
    PaperFormat.PDF: "application/pdf",
    PaperFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    PaperFormat.ZIP: "application/zip",
}
HIDDEN = "This paper tells totals that are hidden, or were hidden since. Have it made anew."


@require_form_methods
def listing(request: AuthedRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(ActionPlan.objects.visible_to(request.user).with_service(), pk=pk)
    access.require(request.user, Permission.PLAN_VIEW, plan.service)

    if request.method == "POST":
        form = PaperForm(request.POST, plan=plan)
        if form.is_valid():
            made = asking.request_paper(
                plan=plan,
                kind=form.cleaned_data["kind"],
                form=form.cleaned_data["format"],
                review=form.cleaned_data["review"],
                by=request.user,
            )
            return redirect("paper", made.pk)
    else:
        form = PaperForm(plan=plan)
    visible = Paper.objects.visible_to(request.user).of(plan).light().ready().with_people()
    context = {
        "plan": plan,
        "form": form,
        "offers": asking.offers(),
        "minutes": asking.offers_minutes(),
        "reviews": plan.reviews.all(),
        "papers": asking.standing(plan.service, visible),
    }
    return render(request, "actionplans/paper_list.html", context, status=form_status(form))


@require_safe
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    paper = get_object_or_404(Paper.objects.visible_to(request.user).light().with_plan(), pk=pk)
    require(request, paper)

    if not asking.standing(paper.service, [paper]):
        messages.error(request, HIDDEN)
        if paper.plan is None:
            return redirect("plans", paper.service.slug)
        return redirect("papers", paper.plan.pk)
    far = papers.how_far(paper, asking.STEPS)
    if far.is_known(request.GET.get("step")):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    name = "_paper_progress" if is_htmx(request) else "paper_detail"
    context = {"paper": paper, "plan": paper.plan, "far": far, "is_fragment": is_htmx(request)}
    return render(request, f"actionplans/{name}.html", context)


@require_safe
def download(request: AuthedRequest, pk: int) -> HttpResponse:
    paper = get_object_or_404(Paper.objects.visible_to(request.user).with_file().with_plan(), pk=pk)
    require(request, paper)

    if paper.content is None or not asking.standing(paper.service, [paper]):
        return redirect("paper", paper.pk)
    name = " ".join(
        filter(None, [paper.service.slug, paper.get_kind_display(), asking.period(paper)])
    )
    return attachment(bytes(paper.content), TYPES[paper.format], name, paper.format)


def require(request: AuthedRequest, paper: Paper) -> None:
    """A package of everything is for those who may take everything; a paper for its readers."""
    everything = paper.kind == PaperKind.EVERYTHING
    needed = Permission.EVERYTHING_TAKE if everything else Permission.PLAN_VIEW
    access.require(request.user, needed, paper.service)
