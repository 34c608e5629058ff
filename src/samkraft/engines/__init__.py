"""Pure functions over frozen dataclasses and numpy arrays: no Django, no clock, no global randomness."""
