// SPDX-License-Identifier: Apache-2.0
#include "tests/mpi/mpirun.hpp"

#include <unistd.h>

namespace synfire::test {

std::string mpirun(std::uint32_t ranks) {
  return "'" SYNFIRE_MPIRUN "' --oversubscribe " +
         std::string(::geteuid() == 0 ? "--allow-run-as-root " : "") + "-n " +
         std::to_string(ranks) + " ";
}

}  // namespace synfire::test
