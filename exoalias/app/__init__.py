"""What the product does, as plain blocking functions."""
