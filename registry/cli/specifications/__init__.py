"""specifications."""
