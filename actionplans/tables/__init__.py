"""Somebody's table on its way into a plan, whatever its columns are called."""
