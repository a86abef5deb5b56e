// Crypto: see the module's first file.
