// Web: see the module's first file.
