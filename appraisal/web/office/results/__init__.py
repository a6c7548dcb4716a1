"""After the vote: opening, result, sheets, feedback, comments, and how long ballots are kept."""
