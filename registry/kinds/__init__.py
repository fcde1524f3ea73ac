"""The kinds of record: what each says as a value, and how that is written as triples and read back."""
