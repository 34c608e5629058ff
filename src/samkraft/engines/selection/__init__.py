"""Fair selection: a lottery among all panels that keep stated limits, as even as they allow, that anyone can check.

A panel is a composition over types of people; the lottery is leximin-optimal over types; it is rounded to equally
likely panels before a public number draws one of them.
"""
