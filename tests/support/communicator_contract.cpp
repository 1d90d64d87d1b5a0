// SPDX-License-Identifier: Apache-2.0
#include "tests/support/communicator_contract.hpp"

#include <stdexcept>
#include <string>

#include "sim/byte_stream.hpp"

namespace synfire::test {
namespace {

void expect(bool is_kept, const char* promise) {
  if (!is_kept) throw std::runtime_error(std::string("communicator: ") + promise);
}

Bytes numbers(std::uint32_t first, std::size_t count) {
  ByteWriter writer;
  for (std::size_t i = 0; i < count; ++i) writer.put(first + static_cast<std::uint32_t>(i));
  return writer.bytes();
}

/// Long enough that MPI does not just copy it away.
constexpr std::size_t long_count = 100'000;

/// How many numbers rank `from` has for rank `to`; none for some.
std::size_t share(std::uint32_t from, std::uint32_t to) {
  return (from + 2 * to) % 3 == 0 ? 0 : from * 7 + to * 3 + 1;
}

void check_messages(Communicator& ranks) {
  constexpr std::uint32_t first_tag = 3;
  constexpr std::uint32_t second_tag = 29'999;
  const std::uint32_t own = ranks.rank();
  if (own != 0) {
    ranks.send(0, second_tag, {});
    ranks.send(0, first_tag, numbers(own, 1));
    ranks.send(0, first_tag, numbers(own, long_count));
    return;
  }
  for (std::uint32_t other = 1; other < ranks.size(); ++other) {
    expect(ranks.receive(other, first_tag) == numbers(other, 1), "first message comes first");
    expect(ranks.receive(other, first_tag) == numbers(other, long_count), "long message is whole");
  }
  for (std::uint32_t i = 1; i < ranks.size();) {
    const auto message = ranks.poll(second_tag);
    if (!message) continue;
    expect(message->bytes.empty() && message->source != 0, "empty message names its source");
    ++i;
  }
  expect(!ranks.poll(second_tag) && !ranks.poll(first_tag), "each message comes once");
}

void check_reductions(Communicator& ranks) {
  const auto own = std::int64_t{ranks.rank()};
  const auto size = std::int64_t{ranks.size()};
  constexpr std::int64_t large = std::int64_t{1} << 60;
  std::vector<std::int64_t> values{own + large, -own};
  ranks.reduce(values, Reduction::maximum);
  expect(values == std::vector<std::int64_t>{large + size - 1, 0}, "maximum");
  expect(ranks.reduced(own - large, Reduction::minimum) == -large, "minimum");
  expect(ranks.reduced(own + 1, Reduction::sum) == size * (size + 1) / 2, "sum");
}

void check_exchange(Communicator& ranks) {
  const std::uint32_t own = ranks.rank();
  std::vector<Bytes> outgoing(ranks.size());
  std::vector<Bytes> incoming(ranks.size(), numbers(0, 5));
  for (std::uint32_t round = 0; round < 3; ++round) {
    for (std::uint32_t other = 0; other < ranks.size(); ++other) {
      outgoing[other] = numbers(own + round, share(own, other));
    }
    ranks.exchange(outgoing, incoming);
    for (std::uint32_t other = 0; other < ranks.size(); ++other) {
      expect(incoming[other] == numbers(other + round, share(other, own)), "exchange");
    }
  }
}

void check_rank_zero(Communicator& ranks) {
  Bytes bytes = ranks.rank() == 0 ? numbers(5, long_count) : numbers(1, 2);
  ranks.broadcast(bytes);
  expect(bytes == numbers(5, long_count), "broadcast");
  const std::vector<Bytes> gathered = ranks.gather(numbers(ranks.rank(), ranks.rank()));
  expect(gathered.size() == (ranks.rank() == 0 ? ranks.size() : 0), "only rank 0 gathers");
  for (std::uint32_t i = 0; i < gathered.size(); ++i) {
    expect(gathered[i] == numbers(i, i), "gather keeps the order of ranks");
  }
}

}  // namespace

void check_contract(Communicator& ranks) {
  expect(ranks.rank() < ranks.size(), "rank is below size");
  check_messages(ranks);
  ranks.barrier();
  check_reductions(ranks);
  check_exchange(ranks);
  check_rank_zero(ranks);
}

}  // namespace synfire::test
