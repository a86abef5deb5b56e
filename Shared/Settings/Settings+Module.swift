// Settings: see the module's first file.
