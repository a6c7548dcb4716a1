"""Peers 对等机构: other installations, which sign or witness for this one's sessions."""
