// Lifecycle: see the module's first file.
