"""What others call a lot or product: recorded, withdrawn, and never the way to another maker's lot."""

from __future__ import annotations

import pytest

from registry.audit import audit
from registry.errors import Conflict, Refused, RegistryError, Unknown, WrongUsage
from registry.services import ProductDraft, Registry
from tests.people import account_of
from tests.services.conftest import build
from tests.web.conftest import EXPIRES

GTIN, OTHER_GTIN = "09506000134352", "04012345678901"
DIN, SEC = "W0000164281751", "DE000001W000016428175A000000000020261201"


