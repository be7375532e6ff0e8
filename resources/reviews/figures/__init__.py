"""The year in figures: what the portal knows of a year, taken on a day and kept as it was then."""
