// SPDX-License-Identifier: Apache-2.0
#include "sim/multiversion.hpp"

#include <atomic>
#include <vector>

namespace synfire {
namespace {

std::vector<InstructionSet> sets_of_this_machine() {
  std::vector<InstructionSet> sets = {InstructionSet::portable};
#ifdef SYNFIRE_HAS_MULTIVERSION
  if (__builtin_cpu_supports("x86-64-v3")) sets.push_back(InstructionSet::avx2);
  if (__builtin_cpu_supports("x86-64-v4")) sets.push_back(InstructionSet::avx512);
#endif
  return sets;
}

/// Changed by tests alone; an argument would pass through every function that leads to a loop.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<InstructionSet> in_use{instruction_sets().back()};

}  // namespace

const char* to_string(InstructionSet set) {
  switch (set) {
    case InstructionSet::portable:
      return "portable";
    case InstructionSet::avx2:
      return "AVX2";
    case InstructionSet::avx512:
      return "AVX-512";
  }
  return "";
}

std::span<const InstructionSet> instruction_sets() {
  static const std::vector<InstructionSet> sets = sets_of_this_machine();
  return sets;
}

InstructionSet instruction_set() {
  return in_use.load(std::memory_order_relaxed);
}

ForcedInstructionSet::ForcedInstructionSet(InstructionSet set) {
  in_use = set;
}

ForcedInstructionSet::~ForcedInstructionSet() {
  in_use = instruction_sets().back();
}

}  // namespace synfire
