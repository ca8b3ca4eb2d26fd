"""A small language model for Dutch, French and English that ships with the program, and what is read off it."""
