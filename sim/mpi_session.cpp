// SPDX-License-Identifier: Apache-2.0
#include "sim/mpi_session.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <utility>

#include <mpi.h>

#include "sim/error.hpp"

namespace synfire {
namespace {

/// Of exchange, gather and broadcast; senders' own are below.
constexpr int collective_tag = 30'000;

/// MPI counts in int. The few messages that are longer go as several.
constexpr std::size_t longest_part = std::size_t{1} << 30;

int parts_of(std::size_t size) {
  return static_cast<int>((size + longest_part - 1) / longest_part);
}

int size_of_part(std::size_t size, int part) {
  return static_cast<int>(
      std::min(longest_part, size - static_cast<std::size_t>(part) * longest_part));
}

MPI_Op operation_of(Reduction reduction) {
  switch (reduction) {
    case Reduction::minimum:
      return MPI_MIN;
    case Reduction::sum:
      return MPI_SUM;
    case Reduction::maximum:
      break;
  }
  return MPI_MAX;
}

/// Requests of messages whose length both sides know.
class Transfers {
 public:
  void send(int rank, std::span<const std::byte> bytes) {
    for (int part = 0; part < parts_of(bytes.size()); ++part) {
      MPI_Isend(bytes.data() + static_cast<std::size_t>(part) * longest_part,
                size_of_part(bytes.size(), part), MPI_BYTE, rank, collective_tag, MPI_COMM_WORLD,
                &requests_.emplace_back());
    }
  }
  void receive(int rank, std::span<std::byte> bytes) {
    for (int part = 0; part < parts_of(bytes.size()); ++part) {
      MPI_Irecv(bytes.data() + static_cast<std::size_t>(part) * longest_part,
                size_of_part(bytes.size(), part), MPI_BYTE, rank, collective_tag, MPI_COMM_WORLD,
                &requests_.emplace_back());
    }
  }
  void wait() {
    MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE);
    requests_.clear();
  }

 private:
  std::vector<MPI_Request> requests_;
};

/// Receives a message that has come.
Bytes received(MPI_Message message, const MPI_Status& status) {
  int size = 0;
  MPI_Get_count(&status, MPI_BYTE, &size);
  Bytes bytes(static_cast<std::size_t>(size));
  MPI_Mrecv(bytes.data(), size, MPI_BYTE, &message, MPI_STATUS_IGNORE);
  return bytes;
}

}  // namespace

struct MpiSession::Impl {
  int rank = 0;
  int size = 1;
  Transfers transfers;
  std::vector<std::int64_t> outgoing_sizes;  ///< of exchange: kept, since it is called often
  std::vector<std::int64_t> incoming_sizes;
};

std::string mpi_library() {
  std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text{};
  int length = 0;
  MPI_Get_library_version(text.data(), &length);
  // `Open MPI v4.1.4, package: ...`, or several lines
  const std::string whole(text.data(), static_cast<std::size_t>(length));
  return whole.substr(0, whole.find_first_of(",\n"));
}

MpiSession::MpiSession() : impl_(std::make_unique<Impl>()) {
  int provided = MPI_THREAD_SINGLE;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &impl_->rank);
  MPI_Comm_size(MPI_COMM_WORLD, &impl_->size);
  const auto size = static_cast<std::size_t>(impl_->size);
  impl_->outgoing_sizes.resize(size);
  impl_->incoming_sizes.resize(size);
  if (provided >= MPI_THREAD_SERIALIZED) return;
  MPI_Finalize();
  throw Error("MPI: cannot be called from several threads; use a build of " + mpi_library() +
              " with MPI_THREAD_SERIALIZED");
}

MpiSession::~MpiSession() {
  MPI_Finalize();
}

std::uint32_t MpiSession::rank() const {
  return static_cast<std::uint32_t>(impl_->rank);
}

std::uint32_t MpiSession::size() const {
  return static_cast<std::uint32_t>(impl_->size);
}

void MpiSession::send(std::uint32_t rank, std::uint32_t tag, std::span<const std::byte> bytes) {
  if (bytes.size() > std::size_t{std::numeric_limits<int>::max()}) {
    throw Error("MPI: a message of " + std::to_string(bytes.size()) +
                " bytes is too long; use more ranks");
  }
  MPI_Send(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, static_cast<int>(rank),
           static_cast<int>(tag), MPI_COMM_WORLD);
}

Bytes MpiSession::receive(std::uint32_t rank, std::uint32_t tag) {
  MPI_Message message = MPI_MESSAGE_NULL;
  MPI_Status status{};
  MPI_Mprobe(static_cast<int>(rank), static_cast<int>(tag), MPI_COMM_WORLD, &message, &status);
  return received(message, status);
}

std::optional<Message> MpiSession::poll(std::uint32_t tag) {
  int has_come = 0;
  MPI_Message message = MPI_MESSAGE_NULL;
  MPI_Status status{};
  MPI_Improbe(MPI_ANY_SOURCE, static_cast<int>(tag), MPI_COMM_WORLD, &has_come, &message, &status);
  if (has_come == 0) return std::nullopt;
  return Message{static_cast<std::uint32_t>(status.MPI_SOURCE), received(message, status)};
}

void MpiSession::reduce(std::span<std::int64_t> values, Reduction reduction) {
  MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_INT64_T,
                operation_of(reduction), MPI_COMM_WORLD);
}

void MpiSession::exchange(std::span<const Bytes> outgoing, std::span<Bytes> incoming) {
  const auto own = static_cast<std::size_t>(impl_->rank);
  for (std::size_t i = 0; i < outgoing.size(); ++i) {
    impl_->outgoing_sizes[i] = static_cast<std::int64_t>(outgoing[i].size());
  }
  MPI_Alltoall(impl_->outgoing_sizes.data(), 1, MPI_INT64_T, impl_->incoming_sizes.data(), 1,
               MPI_INT64_T, MPI_COMM_WORLD);
  for (std::size_t i = 0; i < incoming.size(); ++i) {
    incoming[i].resize(static_cast<std::size_t>(impl_->incoming_sizes[i]));
    if (i != own) impl_->transfers.receive(static_cast<int>(i), incoming[i]);
  }
  for (std::size_t i = 0; i < outgoing.size(); ++i) {
    if (i != own) impl_->transfers.send(static_cast<int>(i), outgoing[i]);
  }
  incoming[own] = outgoing[own];
  impl_->transfers.wait();
}

void MpiSession::broadcast(Bytes& bytes) {
  auto size = static_cast<std::int64_t>(bytes.size());
  MPI_Bcast(&size, 1, MPI_INT64_T, 0, MPI_COMM_WORLD);
  bytes.resize(static_cast<std::size_t>(size));
  for (int part = 0; part < parts_of(bytes.size()); ++part) {
    MPI_Bcast(bytes.data() + static_cast<std::size_t>(part) * longest_part,
              size_of_part(bytes.size(), part), MPI_BYTE, 0, MPI_COMM_WORLD);
  }
}

std::vector<Bytes> MpiSession::gather(std::span<const std::byte> bytes) {
  const auto size = static_cast<std::int64_t>(bytes.size());
  std::vector<Bytes> gathered;
  MPI_Gather(&size, 1, MPI_INT64_T, impl_->incoming_sizes.data(), 1, MPI_INT64_T, 0,
             MPI_COMM_WORLD);
  if (impl_->rank != 0) {
    impl_->transfers.send(0, bytes);
    impl_->transfers.wait();
    return gathered;
  }
  gathered.resize(impl_->incoming_sizes.size());
  gathered[0].assign(bytes.begin(), bytes.end());
  for (std::size_t i = 1; i < gathered.size(); ++i) {
    gathered[i].resize(static_cast<std::size_t>(impl_->incoming_sizes[i]));
    impl_->transfers.receive(static_cast<int>(i), gathered[i]);
  }
  impl_->transfers.wait();
  return gathered;
}

void MpiSession::barrier() {
  MPI_Barrier(MPI_COMM_WORLD);
}

void MpiSession::abort(int exit_code) {
  MPI_Abort(MPI_COMM_WORLD, exit_code);
  std::abort();  // MPI_Abort is not declared as one that never returns
}

}  // namespace synfire
