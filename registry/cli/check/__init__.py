"""``check``: files judged without a store or server.

``check``         the command, its judgement, its JSON and SHACL report
``check_report``  the report for people at a terminal
"""
