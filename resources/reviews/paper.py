"""The PDF of an annual review, from its data. Only the worker reads this module."""
