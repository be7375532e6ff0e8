"""What the web server runs."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "changingtracks.settings")
application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # now, not while somebody waits for the first page

# What is loaded stays. Looking through it for garbage held up a long page for a tenth of a second.
gc.collect()
gc.freeze()
