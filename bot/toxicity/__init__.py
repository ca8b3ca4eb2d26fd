"""Scorers of toxicity behind one port. A scorer measures; it never decides (that is `bot.core.policy`)."""
