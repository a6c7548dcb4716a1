"""Result sheets 测评结果表 as the practice has them: by subject, by item, in all, of a selection.

Each kind of sheet has a file; `pdf` makes them. They say what `results.json` says, with the spoilt
ballots by reason as long as those are kept, and lines to sign.
"""
