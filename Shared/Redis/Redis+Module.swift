// Redis: see the module's first file.
