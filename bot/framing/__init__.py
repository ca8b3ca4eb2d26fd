"""Frames, values, tone and tension: what perspective a text speaks from. A frame is an opinion; it never removes."""
