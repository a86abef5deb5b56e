// Chassis: see the module's first file.
