"""House rules: the file that a town writes, checked like a program and evaluated like one.

`load_rules` gives a `RuleSet` or an error that names every mistake; `RuleSet.evaluate` says which rules fire. Rules
propose; they never act. Frames have their own part of the file, where no removing or alerting effect exists (law 2).
"""

from bot.rules.effects import combine
from bot.rules.inputs import RuleInput
from bot.rules.loading import RulesReport, check_rules, load_rules
from bot.rules.ruleset import RuleInfo, RuleSet
from bot.rules.schema import rule_file_schema

__all__ = [
    "RuleInfo",
    "RuleInput",
    "RuleSet",
    "RulesReport",
    "check_rules",
    "combine",
    "load_rules",
    "rule_file_schema",
]
