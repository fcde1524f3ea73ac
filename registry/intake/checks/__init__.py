"""What is looked for in a file beside the meaning of its values.

``across_rows``         one spelling a lot, registered lots, one result a question
``no_lot``              words that name no lot: means, limits, controls, blanks
``invalid_words``       words that say that a result does not count
``impossible_details``  a time that is none, a count that is no number
``notices``             what looks odd and can be read: warnings, never a verdict
``patient_data``        a patient's name or number: the whole file is refused
``free_text_privacy``   no person in a reason, a note, a code of a recipient
``species``             the panel's species, held against the product's
"""
