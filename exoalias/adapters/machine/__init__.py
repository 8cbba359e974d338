"""This machine and this process: settings' rungs, log, hangs, the one window."""
