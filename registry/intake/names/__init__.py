"""Printed names to what they name.

laboratory_names  a laboratory's own names, looked up in its mapping
mapping_table     a mapping's table to a mapping
near_names        known names inside longer ones, and near ones
printed           one characteristic, a cocktail, a gate, or a refusal
"""
