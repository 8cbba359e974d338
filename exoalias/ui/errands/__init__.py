"""What the menus do beside the checklist: each kind of errand a file."""
