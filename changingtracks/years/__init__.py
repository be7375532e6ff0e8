"""Where each music service is in its year: for its own people, and for the programme."""
