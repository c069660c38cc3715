"""The archive as tables, for SQL: what they are, their rows, and a file of SQLite with them."""
