"""`python -m bot.cli` is `verbinder`."""

from bot.cli import main

main()
