// SPDX-License-Identifier: Apache-2.0
#include "sim/app/failure.hpp"

#include <algorithm>
#include <cstdio>

#include "sim/app/exit_code.hpp"
#include "sim/app/support.hpp"
#include "sim/error.hpp"

namespace synfire::app {

Failure describe(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const RunFailure& error) {
    return {error.what(), run_failed};
  } catch (const DeadlockError& error) {
    return {error.what(), run_failed};
  } catch (const WriteError& error) {
    return {error.what(), run_failed};
  } catch (const Error& error) {
    return {error.what(), bad_input};
  } catch (const std::exception& error) {
    return {std::string("internal error: ") + error.what(), run_failed};
  }
}

void print_failure(const std::string& message) {
  std::string line = message;
  std::ranges::replace(line, '\n', ' ');
  std::fprintf(stderr, "synfire: %s\n", line.c_str());
}

}  // namespace synfire::app
