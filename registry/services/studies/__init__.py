"""What products are tried for: studies added and looked up.

``studies``      the service: add, read, get, all, lots
``study_view``   what is answered of one
``study_terms``  the same in the words of other vocabularies, with what follows from it
``arms_served``  for which arms of its study a lot suffices
``refusals``     what is refused before a study is entered
"""
