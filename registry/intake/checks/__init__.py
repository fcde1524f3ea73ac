"""What is looked for beside the results.

across_rows         rules that look at several rows
free_text_privacy   no person in what somebody types
impossible_details  what stands beside a result and cannot be what its column asks for
invalid_words       words that say that a result does not count
no_lot              means, limits and controls, which are no lot
notices             what looks odd in results that can be read
patient_data        a patient's name or number, which refuses the file
species             the species that a panel names, held against the one of the product
"""
