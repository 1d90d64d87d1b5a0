// SPDX-License-Identifier: Apache-2.0
#define CATCH_CONFIG_RUNNER
#include <cstdio>

#include <catch2/catch.hpp>

/// CMake reads the list of tests as one of its own lists, in which a bracket swallows what follows
/// it: a title with one would hide other tests from ctest. A dash in front reads as an option.
int main(int argc, char** argv) {
  for (const Catch::TestCase& test : Catch::getRegistryHub().getTestCaseRegistry().getAllTests()) {
    const bool has_bracket = test.name.find_first_of("[]") != std::string::npos;
    if (!has_bracket && !test.name.starts_with('-')) continue;
    std::fprintf(stderr, "test '%s': begins with a dash or has a bracket in its title; use words\n",
                 test.name.c_str());
    return 1;
  }
  return Catch::Session().run(argc, argv);
}
