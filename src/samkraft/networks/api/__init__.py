"""Networks and actors as open data, for programs."""
