"""Slips, tokens, ballots and the board: everything before the boxes are opened. Pure."""
