// JSON: see the module's first file.
