"""An organisation's own ballot forms: listed, copied, edited, given as files."""
