// HTTP: see the module's first file.
