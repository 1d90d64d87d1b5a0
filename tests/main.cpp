// SPDX-License-Identifier: Apache-2.0
#define CATCH_CONFIG_RUNNER
#include <cstdio>

#include <catch2/catch.hpp>

/// CMake reads the list of tests as one of its own lists, in which a bracket swallows what follows
/// it: a title with one would hide other tests from ctest.
int main(int argc, char** argv) {
  for (const Catch::TestCase& test : Catch::getRegistryHub().getTestCaseRegistry().getAllTests()) {
    if (test.name.find_first_of("[]") == std::string::npos) continue;
    std::fprintf(stderr, "test '%s': has a bracket in its title; use words\n", test.name.c_str());
    return 1;
  }
  return Catch::Session().run(argc, argv);
}
