"""`make load`: two hundred people rate at once, on a portal started as `make run` starts it.

Gates: it ends with 1 where anything failed, or where what was shown as saved is not there.
"""
