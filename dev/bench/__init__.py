"""`make bench`: how quick the pages that matter are, on the demo and on 10,000 services.

Unlike the rest of dev/ it needs what is installed: it runs after the set-up.
"""
