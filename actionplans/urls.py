"""Addresses of action plans: each service's own, and what keeps them going."""

from django.urls import URLPattern, path

from actionplans.views import (
    carrying,
    example_plan,
    examples,
    exports,
    moves,
    notes,
    papers,
    plan_tables,
    plans,
    public,
    reminding,
    reviewing,
    reviews,
    target_ends,
    target_pages,
    targets,
)

P = "plans/<int:pk>/"
R = "plans/reviews/<int:pk>/"
OF = "plans/of/<slug:slug>/"
T = "targets/<int:pk>/"
UP = "plans/uploads/<int:pk>/"

urlpatterns: list[URLPattern] = [
    # Keeping it going: reviews, terms, reminders
    path(f"{P}reviews/", reviews.listing, name="reviews"),
    path(f"{P}reviews/add/", reviews.plan_review, name="review_plan"),
    path(R, reviews.detail, name="review"),
    path(f"{R}edit/", reviews.edit, name="review_edit"),
    path(f"{R}finish/", reviewing.finish, name="review_finish"),
    path(f"{R}<int:target_id>/", reviewing.target, name="review_target"),
    path("services/<slug:slug>/terms/", reminding.term_list, name="terms"),
    path(f"{T}quiet/", reminding.snooze, name="target_snooze"),
    path("reminders/", reminding.detail, name="reminders"),
    path("reminders/stop/<str:token>/", reminding.stop, name="reminders_stop"),
    path("reminders/calendar/", reminding.renew, name="calendar_renew"),
    path("calendar/<slug:key>.ics", reminding.calendar, name="calendar"),
    # Plans
    path(OF, plans.listing, name="plans"),
    path(f"{OF}start/", plans.start, name="plan_start"),
    path(P, plans.detail, name="plan"),
    path(f"{P}share/", moves.share, name="plan_share"),
    path(f"{P}take-back/", moves.take_back, name="plan_take_back"),
    path(f"{P}approve/", moves.approve, name="plan_approve"),
    path(f"{P}begin/", moves.begin, name="plan_begin"),
    path(f"{P}close/", moves.close, name="plan_close"),
    path(f"{P}reopen/", moves.reopen, name="plan_reopen"),
    path(f"{P}discard/", moves.discard, name="plan_discard"),
    path(f"{P}carry/", carrying.carry, name="plan_carry"),
    path(f"{P}changes/", carrying.changes, name="plan_changes"),
    # Example targets, and a whole example plan
    path("plans/example/", example_plan.detail, name="plan_example"),
    path("examples/", examples.listing, name="examples"),
    path("examples/add/", examples.add, name="example_add"),
    path("examples/<int:pk>/edit/", examples.edit, name="example_edit"),
    path("examples/<int:pk>/remove/", examples.remove, name="example_remove"),
    # A target, and what becomes of it
    path(T, target_pages.detail, name="target"),
    path(f"{T}history/", target_pages.history, name="target_history"),
    path(f"{P}moved/", target_pages.plan_moved, name="plan_moved"),
    path(f"{T}note/", notes.add, name="note_add"),
    path(f"{T}steps/<int:milestone_id>/", notes.tick, name="milestone_tick"),
    path("notes/<int:pk>/", notes.edit, name="note_edit"),
    path("evidence/<int:pk>/", notes.file, name="evidence_file"),
    path("evidence/<int:pk>/remove/", notes.remove_file, name="evidence_remove"),
    # Writing a target
    path(f"{P}targets/add/", targets.add, name="target_add"),
    path(f"{T}edit/", targets.edit, name="target_edit"),
    path("plans/from/<int:pk>/<str:code>/", targets.make, name="target_from"),
    path(f"{OF}advice/", targets.advice, name="target_advice"),
    path(f"{T}end/", target_ends.end, name="target_end"),
    path(f"{T}reopen/", target_ends.reopen, name="target_reopen"),
    path(f"{T}remove/", target_ends.remove, name="target_remove"),
    # Papers
    path(f"{P}papers/", papers.listing, name="papers"),
    path("papers/<int:pk>/", papers.detail, name="paper"),
    path("papers/<int:pk>/file/", papers.download, name="paper_file"),
    # A plan as a table, in and out
    path(f"{P}import/", plan_tables.add, name="plan_import"),
    path(UP, plan_tables.detail, name="plan_upload"),
    path(f"{UP}match/", plan_tables.match, name="plan_upload_match"),
    path(f"{UP}take-in/", plan_tables.take_in, name="plan_upload_take_in"),
    path(f"{UP}discard/", plan_tables.discard, name="plan_upload_discard"),
    path(f"{P}plan.csv", exports.plan_csv, name="plan_csv"),
    path(f"{P}plan.xlsx", exports.plan_xlsx, name="plan_xlsx"),
    # What the public reads of a plan
    path(f"{P}publish/", public.publish, name="plan_publish"),
    path(f"{P}unpublish/", public.unpublish, name="plan_unpublish"),
    path("plans/public/<slug:slug>/<int:pk>/", public.detail, name="plan_public"),
]
