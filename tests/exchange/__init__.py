"""What other registries say, read into our own values."""
