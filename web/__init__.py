"""The registry in a browser and over HTTP. ``create_app`` puts it together; every subject has its own folder.

What pages share:

``access``         who is asking, and may they
``actions``        the link for what an error says would help
``answers``        one thing as HTML, JSON, JSON-LD and Turtle; every error as a page or an envelope; fields of forms
``charts``         a control chart
``chips``          words with a shape: verdicts and states
``forms``          what is typed into a form, read
``language``       the words of the pages in the reader's language
``languages``      the catalogue of those words, and its translations
``navigation``     the links at the top of every page
``number_format``  times, digests and figures as pages show them
``parameters``     a program's parameter that nobody reads is refused
``pictures``       criteria on their scale
``routes``         which files answer addresses
``security``       headers, cookies, forms that cannot be forged, names of files
``serve``          the server
``signature``      name and password of a signature, as a form sends them
``tables``         one table for every list
``vocabulary``     the field's words, marked for translation

Subjects, each with its templates in ``templates/<subject>/``:

``homes``           the first page of each role
``accounts``        signing in, passwords, accounts, tokens
``lots``            one lot
``lot_index``       many lots: lists, counts, trends
``products``        products
``studies``         studies
``claims``          claims of mechanisms, the publications that are cited, and the picture of both
``submissions``     results in, and what is taken back
``administrations``  what was given, containers, what was found late
``outcomes``        what was seen of recipients, and what lots have to do with it
``releases``        the quality unit's decisions
``specifications``  what lots are held against
``mappings``        what laboratories' names stand for
``ontologies``      terms
``queries``         SPARQL and the library of questions
``agents``          what language models ask
``guides``          help: the guides, what words mean
``proofs``          what is shown to whoever does not trust the registry
``printing``        certificates and labels
``webhooks``        other systems told when a lot's state changes
``upkeep``          the ledger, records, health
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from registry.services import Registry

LANGUAGES = Path(__file__).parent / "languages"


def create_app(
    registry: Registry,
    *,
    secure_cookies: bool = False,
    allowed_origins: tuple[str, ...] = (),
    queries_per_minute: int = 240,
    languages: Path = LANGUAGES,
) -> Flask:
    """The web application over one open registry.

    ``secure_cookies`` is True wherever people reach the server over TLS: the session cookie is then sent over TLS
    only, and browsers are told to stay on it. ``allowed_origins`` are sites whose pages may ask at /sparql with a
    token (``*`` for any). ``queries_per_minute`` holds for each account; 0 is without limit.
    ``languages`` is the folder of translations, a ``.po`` file each.
    """
    from web import access, actions, answers, language, navigation, number_format, parameters, security
    from web.forms import house_zone
    from web.guides import guides, words
    from web.queries import rates
    from web.routes import SUBJECTS
    from web.tables import density
    from web.upkeep import log

    app = Flask("web")
    app.config.update(
        REGISTRY=registry,
        SECURE_COOKIES=secure_cookies,
        ALLOWED_ORIGINS=allowed_origins,
        QUERY_RATES=rates.Rates(queries_per_minute),
        MAX_CONTENT_LENGTH=security.MAX_BODY,
        MAX_FORM_MEMORY_SIZE=security.MAX_FORM,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]  # of DefaultJSONProvider, which Flask has by default
    app.url_map.merge_slashes = False
    app.url_map.converters["path"] = number_format.WholeSegment
    log.fit(app)
    language.fit(app, languages)
    number_format.fit(app)
    access.fit(app)
    parameters.fit(app)
    security.fit(app)
    actions.fit(app)
    answers.fit(app)
    guides.fit(app)
    words.fit(app)
    density.fit(app)
    house_zone.fit(app)
    app.jinja_env.globals["navigation"] = navigation.links
    for pages in SUBJECTS:
        app.register_blueprint(pages)
    access.require_roles_everywhere(app)
    return app
