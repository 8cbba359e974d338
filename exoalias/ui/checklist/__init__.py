"""The checklist, its detail, and the header above it."""
