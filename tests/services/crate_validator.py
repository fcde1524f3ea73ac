"""The reference validator of RO-Crates, run by an interpreter of its own: it needs another release of a library.

    python crate_validator.py CONTEXTS CRATE PROFILE …    for each crate what is REQUIRED and lacking, as JSON

CONTEXTS is a file of JSON that maps each context's address to its document: nothing is asked of the network.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import requests
import requests_cache
from rdflib.plugins.shared.jsonld import context
from rocrate_validator import services
from rocrate_validator.models import Severity

PUBLISHED = json.loads(Path(sys.argv[1]).read_text("utf-8"))


def get(_session: object, _method: str, url: str, **_more: object) -> requests.Response:
    """A context as its address would give it; KeyError for anything else."""
    answer = requests.Response()
    answer.status_code, answer.headers["Content-Type"] = 200, "application/ld+json"
    answer._content = json.dumps(PUBLISHED[url]).encode()
    return answer


context.source_to_json = lambda source, *_a, **_k: (PUBLISHED[str(source)], None)
requests.Session.request = get
requests_cache.CachedSession.request = get
lacking = []
for crate, profile in zip(sys.argv[2::2], sys.argv[3::2], strict=True):
    settings = services.ValidationSettings(
        rocrate_uri=crate, profile_identifier=profile, requirement_severity=Severity.REQUIRED
    )
    lacking.append([issue.message for issue in services.validate(settings).get_issues()])
print(json.dumps(lacking))
