"""/u/{token}: where unsubscribe links lead. A page to look at, and one POST that opts out at once (RFC 8058)."""
