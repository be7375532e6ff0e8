"""Addresses of the annual reviews."""

from django.urls import path

from resources.views import reviews

urlpatterns = [
    path("reviews/", reviews.listing, name="annual_reviews"),
    path("reviews/<int:pk>/", reviews.detail, name="annual_review"),
]
