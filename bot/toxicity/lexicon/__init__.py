"""The word lists of the embedded scorer, as data; one file a language."""
