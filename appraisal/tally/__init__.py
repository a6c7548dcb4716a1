"""Opening, counting and recommending: from openings to results. Pure."""
