"""Addresses of the library for its readers. A resource has any address that nothing else has."""

from django.urls import path

from resources.views import library, pictures, reading

urlpatterns = [
    path("library/", library.listing, name="library"),
    path("library/feed/", library.atom, name="library_feed"),
    path("library/my-list/", reading.my_list, name="my_list"),
    path("library/topics/<slug:slug>/", library.topic, name="topic"),
    path("library/<slug:slug>/", reading.detail, name="resource"),
    path("library/<slug:slug>/keep/", reading.keep, name="resource_keep"),
    path("library/<slug:slug>/unkeep/", reading.unkeep, name="resource_unkeep"),
    path("library/<slug:slug>/said/", reading.said, name="resource_said"),
    path("library/<slug:slug>/files/<int:pk>/", reading.file, name="resource_file"),
    path("library/<slug:slug>/pictures/<int:pk>/", pictures.picture, name="resource_picture"),
]
