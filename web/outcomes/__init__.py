"""What was seen of those to whom a lot was given, in the browser.

``outcomes``  visits due, outcomes, tables in and out
``relation``  one characteristic of lots against one outcome
``picture``   the points of that, drawn
"""
