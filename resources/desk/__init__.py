"""The programme team's desk: how a resource is written, looked over, published and kept."""
