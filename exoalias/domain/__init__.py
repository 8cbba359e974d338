"""Facts and decisions: no I/O, no clock, no threads, no Qt."""
