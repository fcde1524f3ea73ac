"""What strangers send is read in a few warm child processes, which may do nothing else.

    READERS.read("panel.csv", data, terms)      an Intake, or the refusal that reading it in this process would raise

A server opens them (``READERS.opened``); a command line has nobody else to keep waiting, and reads for itself. A child
opens no socket, writes no file and is held to its time and memory. It reads one file after another, until it has read a
hundred, one of them took long, or anything went wrong: then another one takes its place.

``readers``      what services ask, each in its turn
``children``     the server's side: children kept, asked, and ended
``helper``       the process that children are forked from, and what a child does
``answer_text``  answers as JSON, and back to values of known types: nothing that a child says is run
"""

from __future__ import annotations

from registry.intake.confined.readers import READERS

__all__ = ["READERS"]
