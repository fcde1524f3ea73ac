"""The registry in a browser and over HTTP. ``create_app`` is the whole of it; every subject has its own file."""

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
    from web import access, answers, language, number_format, parameters, security
    from web.queries import rates
    from web.routes import ROOMS

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
    language.fit(app, languages)
    number_format.fit(app)
    access.fit(app)
    parameters.fit(app)
    security.fit(app)
    answers.fit(app)
    for pages in ROOMS:
        app.register_blueprint(pages)
    access.require_roles_everywhere(app)
    return app
