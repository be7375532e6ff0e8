from django.apps import AppConfig


class ChangingtracksConfig(AppConfig):
    name = "changingtracks"
