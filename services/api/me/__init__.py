"""Who the caller is, as this API sees it."""
