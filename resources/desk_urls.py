"""Addresses of the programme team's desk: before those of the library, which take any word."""

from django.urls import URLPattern, path

from resources.views import desk, files, moving, pictures, synonyms, topics, writing

urlpatterns: list[URLPattern] = [
    path("library/desk/", desk.desk, name="resource_desk"),
    path("library/desk/add/", writing.add, name="resource_add"),
    path("library/desk/advice/", writing.advise, name="resource_advice"),
    path("library/desk/words/", synonyms.listing, name="synonyms"),
    path("library/desk/words/add/", synonyms.add, name="synonyms_add"),
    path("library/desk/words/<int:pk>/", synonyms.edit, name="synonyms_edit"),
    path("library/desk/words/<int:pk>/remove/", synonyms.remove, name="synonyms_remove"),
    path("library/desk/topics/", topics.listing, name="topic_list"),
    path("library/desk/topics/<int:pk>/", topics.edit, name="topic_edit"),
    path("library/desk/<int:pk>/", desk.preview, name="resource_preview"),
    path("library/desk/<int:pk>/edit/", writing.edit, name="resource_edit"),
    path("library/desk/<int:pk>/history/", desk.changes, name="resource_history"),
    path("library/desk/<int:pk>/submit/", moving.submit, name="resource_submit"),
    path("library/desk/<int:pk>/publish/", moving.publish, name="resource_publish"),
    path("library/desk/<int:pk>/back-to-draft/", moving.take_back, name="resource_take_back"),
    path("library/desk/<int:pk>/archive/", moving.archive, name="resource_archive"),
    path("library/desk/<int:pk>/bring-back/", moving.bring_back, name="resource_bring_back"),
    path("library/desk/<int:pk>/files/", files.listing, name="resource_files"),
    path(
        "library/desk/<int:pk>/files/<int:file_id>/replace/",
        files.replace,
        name="resource_file_replace",
    ),
    path(
        "library/desk/<int:pk>/files/<int:file_id>/remove/",
        files.remove,
        name="resource_file_remove",
    ),
    path("library/desk/<int:pk>/pictures/add/", pictures.add, name="resource_picture_add"),
    path(
        "library/desk/<int:pk>/pictures/<int:picture_id>/",
        pictures.edit,
        name="resource_picture_edit",
    ),
    path(
        "library/desk/<int:pk>/pictures/<int:picture_id>/remove/",
        pictures.remove,
        name="resource_picture_remove",
    ),
]
