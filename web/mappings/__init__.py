"""What laboratories' names stand for, in the browser.

``mappings``  mappings in force and before, drafts, and the quality unit's word on them
"""
