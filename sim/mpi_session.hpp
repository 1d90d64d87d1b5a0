// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "sim/communicator.hpp"

namespace synfire {

/// What the environment says of the launcher (mpirun, mpiexec, srun) of this process.
struct MpiLaunch {
  std::uint32_t rank = 0;
  std::uint32_t size = 1;
  bool is_launched = false;  ///< false: the process was started alone
};

/// Reads OMPI_COMM_WORLD_{SIZE,RANK} (Open MPI), PMI_{SIZE,RANK} (MPICH's hydra, Slurm's pmi2) or
/// PMIX_RANK with SLURM_STEP_NUM_TASKS (Slurm's pmix); calls nothing of MPI.
MpiLaunch mpi_launch();

/// The MPI library that is built in, in one line; empty: none is.
std::string mpi_library();

/// MPI from construction to destruction, once in the life of a process that was launched for it.
///
/// Errors  of MPI itself end all ranks with MPI's own message; there is no way on from them.
class MpiSession final : public Communicator {
 public:
  /// Throws  Error if no MPI is built in, or it cannot be called from several threads in turn.
  MpiSession();
  /// Waits until all ranks end.
  ~MpiSession() override;

  std::uint32_t rank() const override;
  std::uint32_t size() const override;
  void send(std::uint32_t rank, std::uint32_t tag, std::span<const std::byte> bytes) override;
  Bytes receive(std::uint32_t rank, std::uint32_t tag) override;
  std::optional<Message> poll(std::uint32_t tag) override;
  void reduce(std::span<std::int64_t> values, Reduction reduction) override;
  void exchange(std::span<const Bytes> outgoing, std::span<Bytes> incoming) override;
  void broadcast(Bytes& bytes) override;
  std::vector<Bytes> gather(std::span<const std::byte> bytes) override;
  void barrier() override;

  /// Ends all ranks at once; the launcher exits with `exit_code`.
  [[noreturn]] void abort(int exit_code);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace synfire
