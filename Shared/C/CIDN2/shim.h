#pragma once
#include <idn2.h>

// Flags of idn2_lookup_u8, which are enumerators: UTS #46 without the transitional rules of 2003.
static inline int praxis_idn2_flags(void) { return IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL; }
