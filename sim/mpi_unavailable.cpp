// SPDX-License-Identifier: Apache-2.0
#include "sim/error.hpp"
#include "sim/mpi_session.hpp"

namespace synfire {
namespace {

[[noreturn]] void refuse() {
  throw ConfigError("mpirun",
                    "this build has no MPI; install it (Debian: apt-get install libopenmpi-dev "
                    "openmpi-bin) and build with -DSYNFIRE_MPI=ON, or run it without mpirun");
}

}  // namespace

struct MpiSession::Impl {};

std::string mpi_library() {
  return "";
}

MpiSession::MpiSession() {
  refuse();
}

// No session is ever constructed, so nothing below is ever called.
MpiSession::~MpiSession() = default;
std::uint32_t MpiSession::rank() const {
  refuse();
}
std::uint32_t MpiSession::size() const {
  refuse();
}
void MpiSession::send(std::uint32_t /*rank*/, std::uint32_t /*tag*/,
                      std::span<const std::byte> /*bytes*/) {
  refuse();
}
Bytes MpiSession::receive(std::uint32_t /*rank*/, std::uint32_t /*tag*/) {
  refuse();
}
std::optional<Message> MpiSession::poll(std::uint32_t /*tag*/) {
  refuse();
}
void MpiSession::reduce(std::span<std::int64_t> /*values*/, Reduction /*reduction*/) {
  refuse();
}
void MpiSession::exchange(std::span<const Bytes> /*outgoing*/, std::span<Bytes> /*incoming*/) {
  refuse();
}
void MpiSession::broadcast(Bytes& /*bytes*/) {
  refuse();
}
std::vector<Bytes> MpiSession::gather(std::span<const std::byte> /*bytes*/) {
  refuse();
}
void MpiSession::barrier() {
  refuse();
}
void MpiSession::abort(int /*exit_code*/) {
  refuse();
}

}  // namespace synfire
