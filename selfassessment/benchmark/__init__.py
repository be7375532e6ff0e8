"""Services taken together."""
