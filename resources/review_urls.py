"""Addresses of the annual reviews."""

from django.urls import path

from resources.views import (
    review_chapters,
    review_desk,
    review_figures,
    review_moving,
    review_pictures,
    review_printing,
    review_quotations,
    review_remarks,
    reviews,
)

CHAPTER = "reviews/desk/<int:pk>/chapters/<int:chapter_id>/"
QUOTATION = f"{CHAPTER}quotations/<int:quotation_id>/"
PICTURE = f"{CHAPTER}pictures/<int:picture_id>/"
FIGURE = "reviews/desk/<int:pk>/figures/<int:figure_id>/"
PRINTING = "reviews/desk/<int:pk>/printings/<int:printing_id>/"

urlpatterns = [
    # For readers
    path("reviews/", reviews.listing, name="annual_reviews"),
    # Composing them
    path("reviews/desk/", review_desk.desk, name="review_desk"),
    path("reviews/desk/add/", review_desk.add, name="review_add"),
    path("reviews/desk/<int:pk>/", review_desk.compose, name="review_compose"),
    path("reviews/desk/<int:pk>/edit/", review_desk.edit, name="review_details"),
    path("reviews/desk/<int:pk>/begin/", review_desk.begin, name="review_begin"),
    path("reviews/desk/<int:pk>/history/", review_desk.changes, name="review_history"),
    path("reviews/desk/<int:pk>/chapters/add/", review_chapters.add, name="chapter_add"),
    path("reviews/desk/chapters/<int:pk>/", review_chapters.edit, name="chapter_edit"),
    path("reviews/desk/chapters/<int:pk>/move/", review_chapters.move, name="chapter_move"),
    path("reviews/desk/chapters/<int:pk>/remove/", review_chapters.remove, name="chapter_remove"),
    path("reviews/desk/chapters/<int:pk>/remark/", review_remarks.add, name="remark_add"),
    path("reviews/desk/remarks/<int:pk>/settle/", review_remarks.settle, name="remark_settle"),
    # Figures of the year, and those that the team counted
    path("reviews/desk/<int:pk>/figures/", review_figures.detail, name="review_figures"),
    path("reviews/desk/<int:pk>/figures/take/", review_figures.take, name="review_figures_take"),
    path("reviews/desk/<int:pk>/figures/add/", review_figures.add, name="own_figure_add"),
    path(FIGURE, review_figures.edit, name="own_figure_edit"),
    path(f"{FIGURE}remove/", review_figures.remove, name="own_figure_remove"),
    # On their way to readers, and earlier ones
    path("reviews/desk/upload/", review_moving.upload, name="review_upload"),
    path("reviews/desk/<int:pk>/submit/", review_moving.submit, name="review_submit"),
    path("reviews/desk/<int:pk>/publish/", review_moving.publish, name="review_publish"),
    path("reviews/desk/<int:pk>/correct/", review_moving.correct, name="review_correct"),
    path("reviews/desk/<int:pk>/open/", review_moving.open_to, name="review_open"),
    path("reviews/desk/<int:pk>/take-back/", review_moving.take_back, name="review_take_back"),
    path("reviews/desk/<int:pk>/supersede/", review_moving.supersede, name="review_supersede"),
    path("reviews/desk/<int:pk>/restore/", review_moving.restore, name="review_restore"),
    path("reviews/desk/<int:pk>/discard/", review_moving.discard, name="review_discard"),
    # Their PDF and Word file
    path("reviews/desk/<int:pk>/printings/", review_printing.add, name="printing_add"),
    path(PRINTING, review_printing.detail, name="printing_detail"),
    path(f"{PRINTING}again/", review_printing.again, name="printing_again"),
    path(f"{PRINTING}file/", review_printing.download, name="printing_file"),
    path(f"{PRINTING}word/", review_printing.as_word, name="review_word"),
    path("reviews/feed/", reviews.atom, name="annual_reviews_feed"),
    # Quotations and pictures of a chapter
    path(f"{CHAPTER}quotations/add/", review_quotations.add, name="quotation_add"),
    path(QUOTATION, review_quotations.edit, name="quotation_edit"),
    path(f"{QUOTATION}remove/", review_quotations.remove, name="quotation_remove"),
    path(f"{QUOTATION}move/", review_quotations.move, name="quotation_move"),
    path(f"{CHAPTER}pictures/add/", review_pictures.add, name="picture_add"),
    path(PICTURE, review_pictures.edit, name="picture_edit"),
    path(f"{PICTURE}remove/", review_pictures.remove, name="picture_remove"),
    path(f"{PICTURE}move/", review_pictures.move, name="picture_move"),
    path(
        "reviews/<int:pk>/pictures/<int:picture_id>/",
        review_pictures.picture,
        name="annual_review_picture",
    ),
    path("reviews/<int:pk>/", reviews.detail, name="annual_review"),
    path("reviews/<int:pk>/pdf/", reviews.pdf, name="annual_review_pdf"),
]
