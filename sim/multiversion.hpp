// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define SYNFIRE_HAS_MULTIVERSION
#endif

namespace synfire {

/// Instructions that loops over many numbers are compiled for.
enum class InstructionSet : std::uint8_t { portable, avx2, avx512 };

const char* to_string(InstructionSet set);

/// Those that this machine has, the widest last.
std::span<const InstructionSet> instruction_sets();

/// The one in use: the widest, unless a test asks for another.
InstructionSet instruction_set();

/// For tests: while it lives, another one is in use, on all threads. Not for two at a time.
class ForcedInstructionSet {
 public:
  explicit ForcedInstructionSet(InstructionSet set);
  ~ForcedInstructionSet();
  ForcedInstructionSet(const ForcedInstructionSet&) = delete;
  ForcedInstructionSet& operator=(const ForcedInstructionSet&) = delete;
};

namespace detail {

#ifdef SYNFIRE_HAS_MULTIVERSION
template <auto Loop, typename... Arguments>
[[gnu::target("arch=x86-64-v3"), gnu::noinline]] auto with_avx2(Arguments... arguments) {
  return Loop(arguments...);
}
template <auto Loop, typename... Arguments>
[[gnu::target("arch=x86-64-v4"), gnu::noinline]] auto with_avx512(Arguments... arguments) {
  return Loop(arguments...);
}
#endif

}  // namespace detail

/// Calls Loop(arguments...), a function that SYNFIRE_LOOP stands before, as compiled for the
/// instructions in use. What it computes must not depend on them: integers, in any order.
template <auto Loop, typename... Arguments>
auto multiversion(Arguments... arguments) {
#ifdef SYNFIRE_HAS_MULTIVERSION
  switch (instruction_set()) {
    case InstructionSet::avx512:
      return detail::with_avx512<Loop>(arguments...);
    case InstructionSet::avx2:
      return detail::with_avx2<Loop>(arguments...);
    case InstructionSet::portable:
      break;
  }
#endif
  return Loop(arguments...);
}

/// Compiled into each of the versions, instead of being called by them.
#define SYNFIRE_LOOP [[gnu::always_inline]] inline

}  // namespace synfire
