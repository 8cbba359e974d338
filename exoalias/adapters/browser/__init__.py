"""The sign-in window: an installed Edge, Chrome or Chromium, started by us and spoken to over a pipe."""
