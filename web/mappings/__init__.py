"""What laboratories' names stand for, in the browser.

``mapping_text``  a mapping in words
``mappings``      mappings in force and before, drafts, and the quality unit's word on them
"""
