"""What both APIs share over HTTP: the connection pool, retries, errors, bounded and authorised GETs."""
