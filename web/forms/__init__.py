"""What is typed into a form, read.

``faults``      every mistake in a form at once
``house_zone``  the zone of times that are typed
``pickers``     a term typed by name, synonym or id
"""
