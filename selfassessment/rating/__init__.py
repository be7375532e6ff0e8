"""One person and their ratings."""
