"""One file per condition; `bot.rules.registry` names them all."""
