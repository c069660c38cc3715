"""The archive as tables, for SQL: their definitions, their rows, and files of SQLite and Parquet."""
