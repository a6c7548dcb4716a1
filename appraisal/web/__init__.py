"""What people see: the booth and the board for everyone, the office behind its sign-in."""
