// Forms: see the module's first file.
