"""Criteria as a picture.

``criteria``  every criterion on its scale: what is accepted, what was observed, what earlier lots showed
``scale``     which part of a scale is drawn, so that the margin to a limit is seen
"""
