"""Everything of one music service as one file, to keep, to move, or to go on with elsewhere."""
