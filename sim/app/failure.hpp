// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <string>

namespace synfire::app {

/// What an exception means for the caller of the program.
struct Failure {
  std::string message;
  int exit_code = 0;
};

Failure describe(const std::exception_ptr& exception);

/// One line on standard error, whatever the message holds.
void print_failure(const std::string& message);

}  // namespace synfire::app
