// API: see the module's first file.
