// Kernel: see the module's first file.
