// Messaging: see the module's first file.
