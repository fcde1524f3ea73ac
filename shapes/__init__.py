"""The rules: when a record of each kind is well formed, and the specifications. Read through importlib.resources."""
