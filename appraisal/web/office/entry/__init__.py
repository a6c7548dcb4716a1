"""Who may come into the office: accounts, sign-in, people of an organisation, enrolled peers."""
