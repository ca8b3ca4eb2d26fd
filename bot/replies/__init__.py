"""Suggested replies, checks on a draft, and warnings. Everything here is a proposal; nothing is ever sent from here."""
