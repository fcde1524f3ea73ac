"""What a printed value means: ``98,5`` → [98.5, 98.5], ``<0.5`` of percent → [0, 0.5), ``negative`` → an outcome.

``printed_value``     what a printed value means: comparator, number, word, and the range of the characteristic
``numbers``           the number in a printed value, exact; and what makes it unsafe to read
``decimal_mark``      which mark a table sets before decimals
``cell_dose``         how many cells a printed dose means
``scale``             powers of ten, and counts that there can be
``limit_words``       words for a limit of the method: ``n.d.``, ``< LOD``, ``BLQ``
``words``             outcomes, states; words that mean two things, or nothing
``findings``          an organism, growth in one of two bottles, a test still running
``karyotypes``        ISCN: normal, abnormal, or not understood
``ucum``              units that are another way to write ours
``unit_column``       what was printed as a unit and says more: of which cells, how long
``unreadable_value``  what cannot be read safely, and what could have been
"""

from __future__ import annotations

from registry.intake.values.printed_value import (
    JUDGEMENTS,
    Misprint,
    NoUnit,
    expected_of,
    names_unit,
    plain,
    read,
    unit_inside,
)

__all__ = ["JUDGEMENTS", "Misprint", "NoUnit", "expected_of", "names_unit", "plain", "read", "unit_inside"]
