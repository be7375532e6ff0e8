"""Addresses of the annual reviews."""

from django.urls import path

from resources.views import review_moving, reviews

urlpatterns = [
    path("reviews/", reviews.listing, name="annual_reviews"),
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
    path("reviews/<int:pk>/", reviews.detail, name="annual_review"),
]
