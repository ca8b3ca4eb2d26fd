"""Reading a text: normalised views with a map back, tokens, words and phrases, language, fingerprint, personal data.

Decides nothing about what is allowed and never changes what a person sees: every find is a span of the original.
"""
