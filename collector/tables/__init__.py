"""The archive as tables, for SQL: what they are, their rows, and files of SQLite and Parquet with them."""
