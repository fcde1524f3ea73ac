"""What became of those to whom a lot was given: visits, table, intervals, and what such numbers can show."""
