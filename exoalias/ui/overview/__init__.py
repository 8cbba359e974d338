"""All instances in one table."""
