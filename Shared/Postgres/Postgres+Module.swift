// Postgres: see the module's first file.
