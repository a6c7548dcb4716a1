"""What the service keeps: the registry (who may vote), the box (what was cast), the key folder.

Registry and box are two databases. `registry.py` and `box.py` never import each other, no query
reads both, and nothing here imports Flask or counts a ballot.
"""
