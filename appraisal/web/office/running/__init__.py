"""Running a session: its page in each phase, slips, tellers, the vote and its screen."""
