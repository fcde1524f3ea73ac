"""What the names in instruments' files stand for, as the quality unit approved it.

``approved``  the service: mappings on record, and what a file is read with
``drafts``    mappings that wait for the quality unit
"""
