"""What people do: invite and join, look after their account, and handle what visitors send."""
