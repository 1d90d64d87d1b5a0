// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Compiles a function for AVX-512, AVX2 and the baseline and picks one when the program starts.
/// Sanitizers start later than the picking does, so their builds get the baseline alone.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define SYNFIRE_HAS_MULTIVERSION
#define SYNFIRE_MULTIVERSION \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define SYNFIRE_MULTIVERSION
#endif
