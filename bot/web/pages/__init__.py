"""One module a page: what it needs from the store, and its template. `PAGES` in each says who may open it."""
