"""Democratic appraisal of Party members and branches, by anonymous one-time slips.

`appraisal.ballots` and `appraisal.tally` are the protocol in pure Python (docs/protocol.md);
`appraisal.verifier` recounts an exported record with those two alone. The rest is the service.
"""
