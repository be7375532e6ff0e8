"""Addresses of the self-assessment: its questionnaires, and what services do with them."""

from django.urls import path

from selfassessment.views import (
    agreeing,
    audits,
    baselines,
    benchmarks,
    closing,
    handouts,
    history,
    linked,
    looking_back,
    mappings,
    meeting,
    priorities,
    questionnaires,
    rating,
    reports,
    respondents,
    results,
    uploaded,
    uploads,
    workbooks,
)
from selfassessment.views import questionnaire_drafts as drafts
from selfassessment.views import talk as talks

A = "self-assessments/<int:pk>/"
Q = "questionnaires/<int:pk>/"
OF = "self-assessments/of/<slug:slug>/"

urlpatterns = [
    # Audits
    path("self-assessments/of/<slug:slug>/", audits.listing, name="audits"),
    path("self-assessments/of/<slug:slug>/start/", audits.start, name="audit_start"),
    path(A, audits.detail, name="audit"),
    path(f"{A}date/", audits.change_date, name="audit_date"),
    path(f"{A}discard/", audits.discard, name="audit_discard"),
    path(f"{A}take-over/", audits.take_over, name="audit_take_over"),
    # Rating
    path(f"{A}mine/", rating.mine, name="mine"),
    path(f"{A}join/", rating.join, name="audit_join"),
    path(f"{A}rate/<str:code>/", rating.section, name="section"),
    path(f"{A}rate/<str:code>/<int:statement_id>/", rating.save, name="rating_save"),
    path(f"{A}check/", rating.check, name="check"),
    path(f"{A}hand-in/", rating.hand_in, name="hand_in"),
    # Rating by a personal link, and by the link of a role group
    path("r/<str:token>/", linked.landing, name="linked"),
    path("r/<str:token>/check/", linked.check, name="linked_check"),
    path("r/<str:token>/hand-in/", linked.hand_in, name="linked_hand_in"),
    path("r/<str:token>/stop/", linked.stop, name="linked_stop"),
    path("r/<str:token>/mail/", linked.post_link, name="linked_mail"),
    path("r/<str:token>/rate/<str:code>/", linked.section, name="linked_section"),
    path("r/<str:token>/rate/<str:code>/<int:statement_id>/", linked.save, name="linked_save"),
    path("j/<str:token>/", linked.shared, name="shared"),
    # Asking people to rate
    path(f"{A}people/", respondents.listing, name="respondents"),
    path(f"{A}people/privacy/", respondents.privacy, name="audit_privacy"),
    path(f"{A}people/invite/", respondents.invite, name="respondent_invite"),
    path(f"{A}people/remind/", respondents.remind, name="respondents_remind"),
    path(f"{A}people/<int:respondent_id>/again/", respondents.again, name="respondent_again"),
    path(
        f"{A}people/<int:respondent_id>/withdraw/", respondents.withdraw, name="respondent_withdraw"
    ),
    path(f"{A}people/<int:respondent_id>/role/", respondents.role, name="respondent_role"),
    path(f"{A}links/", respondents.make_link, name="shared_link_make"),
    path(f"{A}links/<int:link_id>/", respondents.link, name="shared_link"),
    path(
        f"{A}links/<int:link_id>/withdraw/", respondents.withdraw_link, name="shared_link_withdraw"
    ),
    # The talk
    path(f"{A}talk/", talks.detail, name="talk"),
    path(f"{A}talk/open/", talks.open_talk, name="talk_open"),
    path(f"{A}talk.csv", talks.as_csv, name="talk_csv"),
    path(f"{A}talk.xlsx", talks.as_xlsx, name="talk_xlsx"),
    # Agreeing, and the meeting
    path(f"{A}agree/bulk/", agreeing.bulk, name="agree_bulk"),
    path(f"{A}agree/alone/", agreeing.alone, name="agree_alone"),
    path(f"{A}agree/<str:code>/", agreeing.agree, name="agree"),
    path(f"{A}meeting/", meeting.listing, name="meeting"),
    path(f"{A}meeting/<str:code>/", meeting.statement, name="meeting_statement"),
    path(f"{A}handout/", handouts.handout, name="handout"),
    path(f"{A}handout/<int:report_id>/", handouts.made, name="handout_made"),
    path(f"{A}handout/<int:report_id>/file/", handouts.download, name="handout_file"),
    # Priorities, and the end of the year
    path(f"{A}priorities/", priorities.detail, name="priorities"),
    path(f"{A}close/", closing.close, name="audit_close"),
    path(f"{A}reopen/", closing.reopen, name="reopen"),
    # Results, and taking them away
    path(f"{A}results/", results.detail, name="results"),
    path(f"{A}results/show/", results.totals_show, name="totals_show"),
    path(f"{A}ratings.csv", results.ratings_csv, name="ratings_csv"),
    path(f"{A}ratings.xlsx", results.ratings_xlsx, name="ratings_xlsx"),
    path(f"{A}report/", reports.request_report, name="report_request"),
    path(f"{A}report/<int:report_id>/", reports.detail, name="report"),
    path(f"{A}report/<int:report_id>/file/", reports.download, name="report_file"),
    # Benchmark and history
    path(f"{A}benchmark/", benchmarks.detail, name="benchmark"),
    path(f"{A}benchmark/share/", benchmarks.share, name="benchmark_share"),
    path(f"{A}benchmark/stop-sharing/", benchmarks.unshare, name="benchmark_unshare"),
    path("benchmark/", benchmarks.programme, name="programme_benchmark"),
    path(f"{A}history/", history.listing, name="history"),
    path(f"{A}history/<str:code>/", history.statement, name="history_statement"),
    # Workbooks, out and in
    path(f"{A}workbook.xlsx", workbooks.blank, name="workbook_blank"),
    path(f"{A}my-workbook.xlsx", workbooks.mine, name="workbook_mine"),
    path(f"{A}uploads/", uploads.listing, name="uploads"),
    path(f"{A}uploads/add/", uploads.add, name="upload_add"),
    path(f"{A}uploads/mine/", uploads.mine, name="upload_mine"),
    path(f"{A}uploads/<int:upload_id>/", uploaded.detail, name="upload"),
    path(f"{A}uploads/<int:upload_id>/take-in/", uploaded.take_in, name="upload_take_in"),
    path(f"{A}uploads/<int:upload_id>/discard/", uploaded.discard, name="upload_discard"),
    # Looking back
    path(f"{OF}trend/", looking_back.trend, name="trend"),
    path(f"{OF}moving/", looking_back.moving, name="audit_moving"),
    path(f"{OF}before/", baselines.listing, name="baselines"),
    path(f"{OF}before/add/", baselines.add, name="baseline_add"),
    path(f"{OF}before/bring-in/", baselines.upload, name="baseline_upload"),
    path("self-assessments/before/<int:pk>/", baselines.edit, name="baseline"),
    path("self-assessments/before/<int:pk>/delete/", baselines.delete, name="baseline_delete"),
    path(f"{Q}mapping/", mappings.detail, name="mapping"),
    path(f"{Q}mapping/prepare/", mappings.prepare, name="mapping_prepare"),
    path(f"{Q}mapping/review/", mappings.review, name="mapping_review"),
    path(f"{Q}mapping/simulation/", mappings.simulation, name="mapping_simulation"),
    path(f"{Q}mapping/<int:line_id>/", mappings.line, name="mapping_line"),
    # Questionnaires
    path("questionnaires/", questionnaires.listing, name="questionnaires"),
    path("questionnaires/import/", questionnaires.bring_in, name="questionnaire_import"),
    path("questionnaires/shipped/", questionnaires.load_shipped, name="questionnaire_shipped"),
    path(Q, questionnaires.detail, name="questionnaire"),
    path(f"{Q}preview/<str:code>/", questionnaires.preview, name="questionnaire_preview"),
    path(f"{Q}publish/", questionnaires.publish, name="questionnaire_publish"),
    path(f"{Q}withdraw/", questionnaires.withdraw, name="questionnaire_withdraw"),
    path(f"{Q}bring-back/", questionnaires.bring_back, name="questionnaire_bring_back"),
    path(f"{Q}new-edition/", questionnaires.new_edition, name="questionnaire_new_edition"),
    path(f"{Q}delete/", questionnaires.delete, name="questionnaire_delete"),
    # Drafts of questionnaires
    path(f"{Q}details/", drafts.details, name="questionnaire_details"),
    path(f"{Q}scale/", drafts.scale, name="questionnaire_scale"),
    path(f"{Q}areas/add/", drafts.area_add, name="area_add"),
    path(f"{Q}areas/<int:area_id>/", drafts.area, name="area_edit"),
    path(f"{Q}areas/<int:area_id>/sections/add/", drafts.section_add, name="section_add"),
    path(f"{Q}sections/<int:section_id>/", drafts.section, name="section_edit"),
    path(
        f"{Q}sections/<int:section_id>/statements/add/", drafts.statement_add, name="statement_add"
    ),
    path(f"{Q}statements/<int:statement_id>/", drafts.statement, name="statement_edit"),
    path(f"{Q}<str:kind>/<int:part_pk>/move/", drafts.move, name="part_move"),
    path(f"{Q}<str:kind>/<int:part_pk>/remove/", drafts.remove, name="part_remove"),
]
