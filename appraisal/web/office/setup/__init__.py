"""Setting a session up: its form, what is still wanting, the list of subjects, the preview."""
