// SPDX-License-Identifier: Apache-2.0

// Checks the communicator under mpirun; exit status 0 if MPI keeps the contract.

#include <cstdio>
#include <exception>

#include "sim/mpi_session.hpp"
#include "tests/support/communicator_contract.hpp"

int main(int argc, char** argv) {
  synfire::MpiSession session;
  try {
    const synfire::MpiLaunch launch = synfire::mpi_launch();
    if (launch.rank != session.rank() || launch.size != session.size()) {
      std::fprintf(stderr, "rank and size are not those of the environment\n");
      session.abort(1);
    }
    synfire::test::check_contract(session);
    if (argc > 1 && session.rank() == 1) session.abort(std::atoi(argv[1]));
    session.barrier();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rank %u: %s\n", session.rank(), error.what());
    session.abort(1);
  }
  return 0;
}
