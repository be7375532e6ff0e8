"""Addresses of what the programme publishes: library, pages, annual reviews."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("resources.desk_urls")),
    path("", include("resources.page_urls")),
    path("", include("resources.review_urls")),
    # Last of those under /library/: what is none of the others is the address of a resource
    path("", include("resources.library_urls")),
]
