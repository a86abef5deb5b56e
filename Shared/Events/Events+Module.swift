// Events: see the module's first file.
