// Pooling: see the module's first file.
