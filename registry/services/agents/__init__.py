"""What a language model may ask, read-only: questions, terms, a lot's own sentence, and a guide that it reads first.

``guide``     what is in the graph, the paths through it, its traps, and the questions that there are
``protocol``  the Model Context Protocol: one message in, its answer out, whatever carries them
``tools``     the five tools, and what each answers
"""
