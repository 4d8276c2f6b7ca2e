"""What must survive a restart and is no fact of the lake: SQLite by default, PostgreSQL by URL."""
