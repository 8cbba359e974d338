"""An instance read and written: questions, rows, and the one guarded write."""
