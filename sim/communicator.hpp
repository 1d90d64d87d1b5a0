// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace synfire {

using Bytes = std::vector<std::byte>;

/// What one rank sent to another.
struct Message {
  std::uint32_t source = 0;  ///< rank
  Bytes bytes;
};

enum class Reduction : std::uint8_t { minimum, sum, maximum };

/// Ranks that work on one task and exchange messages: processes under MPI (MpiSession), threads in
/// tests. The words are MPI's.
///
/// Order          messages of one rank to another with one tag arrive in the order in which they
///                were sent; of different ranks or tags in any.
/// Collective     reduce, exchange, broadcast, gather and barrier wait for each other: every rank
///                calls them, in the same order.
/// Thread-safety  one call at a time, from any thread.
class Communicator {
 public:
  Communicator() = default;
  virtual ~Communicator() = default;
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;

  virtual std::uint32_t rank() const = 0;
  virtual std::uint32_t size() const = 0;

  /// `bytes` may be used again on return; may wait until they are received. Tags: 0 .. 29999.
  virtual void send(std::uint32_t rank, std::uint32_t tag, std::span<const std::byte> bytes) = 0;
  /// Waits, busily, for the next message of a rank with this tag.
  virtual Bytes receive(std::uint32_t rank, std::uint32_t tag) = 0;
  /// The next message of any rank with this tag, if one has come; does not wait.
  virtual std::optional<Message> poll(std::uint32_t tag) = 0;

  /// Replaces every value by the minimum, sum or maximum over all ranks.
  virtual void reduce(std::span<std::int64_t> values, Reduction reduction) = 0;
  /// Sends outgoing[r] to each rank r; incoming[r] becomes what r sent here, and keeps its
  /// capacity. An empty one costs no message.
  ///
  /// Shapes  both of size(); outgoing[rank()] is copied.
  virtual void exchange(std::span<const Bytes> outgoing, std::span<Bytes> incoming) = 0;
  /// Gives the bytes of rank 0 to all.
  virtual void broadcast(Bytes& bytes) = 0;
  /// Rank 0 gets what every rank gives, in their order; the others get nothing.
  virtual std::vector<Bytes> gather(std::span<const std::byte> bytes) = 0;
  /// Returns when all ranks have called it.
  virtual void barrier() = 0;

  /// The minimum, sum or maximum of a value over all ranks.
  std::int64_t reduced(std::int64_t value, Reduction reduction) {
    reduce({&value, 1}, reduction);
    return value;
  }
};

}  // namespace synfire
