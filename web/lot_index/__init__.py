"""lot_index."""
