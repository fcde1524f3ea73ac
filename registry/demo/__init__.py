"""The worked example: study NCT03877471, its product, an illustrative specification, and made-up lots.

What is published about the study is cited; what is unknown stays unknown. No lot of it was ever published, so every
lot and panel here is synthetic and says so.

``story``      what happens in it, step by step, through the services that everybody uses
``trial``      the study at length: forty lots of two years, 28 recipients, what was seen of them
``mechanisms`` the review cited, and the five mechanisms that it names claimed
``published``  published lots as cited evidence, judged and never released
"""

from __future__ import annotations

from registry.demo.story import SignIn, open_demo

__all__ = ["SignIn", "open_demo"]
