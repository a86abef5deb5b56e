// Observability: see the module's first file.
