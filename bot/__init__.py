"""Verbinder: a moderation assistant for public authorities."""
