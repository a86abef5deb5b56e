// Net: see the module's first file.
