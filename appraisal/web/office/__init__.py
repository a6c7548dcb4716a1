"""The office: where a secretary prepares, runs and reads a session, behind a sign-in."""
