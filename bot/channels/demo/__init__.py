"""The demonstration: a fictional town whose residents react by a script, to try Verbinder without a token.

It is a channel like the others, with its platform in a file: `gateway` plays the script, `sender` places and removes,
`mapping` turns the script into messages. It has no staff channel and no errors of its own: people decide in the
console.
"""

from bot.channels.demo.channel import build_demo

__all__ = ["build_demo"]
