"""What is kept on this machine: instances, secrets, journal."""
