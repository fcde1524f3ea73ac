"""Certificates and labels in the browser.

``paper``  previews, prints, and what was printed before
"""
