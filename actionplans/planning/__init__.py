"""A plan from its start to its end, and the writing of its targets."""
