"""Addresses of the self-assessment: its questionnaires, and what services do with them."""

from django.urls import path

from selfassessment.views import audits, questionnaires, rating, reports, results

A = "self-assessments/<int:pk>/"
Q = "questionnaires/<int:pk>/"

urlpatterns = [
    # Audits
    path("self-assessments/of/<slug:slug>/", audits.listing, name="audits"),
    path("self-assessments/of/<slug:slug>/start/", audits.start, name="audit_start"),
    path(A, audits.detail, name="audit"),
    path(f"{A}date/", audits.change_date, name="audit_date"),
    path(f"{A}discard/", audits.discard, name="audit_discard"),
    # Rating
    path(f"{A}rate/<str:code>/", rating.section, name="section"),
    path(f"{A}rate/<str:code>/<int:statement_id>/", rating.save, name="rating_save"),
    path(f"{A}check/", rating.check, name="check"),
    path(f"{A}hand-in/", rating.hand_in, name="hand_in"),
    path(f"{A}reopen/", rating.reopen, name="reopen"),
    # Results, and taking them away
    path(f"{A}results/", results.detail, name="results"),
    path(f"{A}ratings.csv", results.ratings_csv, name="ratings_csv"),
    path(f"{A}ratings.xlsx", results.ratings_xlsx, name="ratings_xlsx"),
    path(f"{A}report/", reports.request_report, name="report_request"),
    path(f"{A}report/<int:report_id>/", reports.detail, name="report"),
    path(f"{A}report/<int:report_id>/file/", reports.download, name="report_file"),
    # Questionnaires
    path("questionnaires/", questionnaires.listing, name="questionnaires"),
    path(Q, questionnaires.detail, name="questionnaire"),
]
