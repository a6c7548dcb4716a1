"""What every process that answers over HTTP shares: the server, and plain JSON answers."""
