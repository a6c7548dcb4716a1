"""The rehearsal: a whole session with simulated voters over the real protocol.

A secretary practises with it, the demonstration is one, tests and benchmarks use it. Nothing is
simulated but the people: slips, tokens, ballots, counting and documents are the service's own.
"""
