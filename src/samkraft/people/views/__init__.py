"""People's pages: my account, the people of an area, invitations, and what visitors send."""
