"""What happens when the person presses something, part by part."""
