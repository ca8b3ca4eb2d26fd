from __future__ import annotations

import pytest

from bot.rules import RuleSet, load_rules
from bot.settings import ROOT
from tests.rules.helpers import quiet


@pytest.fixture(scope="session")
def shipped() -> RuleSet:
    """Return the rules that are shipped."""
    return load_rules(ROOT / "rules" / "huisregels.yaml", score=quiet)
