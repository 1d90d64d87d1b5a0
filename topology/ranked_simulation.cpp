// SPDX-License-Identifier: Apache-2.0
#include "topology/ranked_simulation.hpp"

#include <utility>

#include "sim/byte_stream.hpp"
#include "sim/error.hpp"
#include "topology/chip_engine.hpp"
#include "topology/rank_rows.hpp"
#include "topology/rank_share.hpp"
#include "topology/rank_totals.hpp"

namespace synfire {
namespace {

/// What rank 0 asks the others for, in a broadcast; all then do it together.
enum class Order : std::uint32_t { push, run, totals, forget_context, obstacles, profile, end };

/// Rows that a rank keeps before rank 0 takes them, at the latest.
constexpr std::size_t most_rows = std::size_t{1} << 17U;

/// What every rank has.
struct Rank {
  Rank(const Network& network, const ChipDescription& chip, const Mapping& mapping,
       SimulationOptions options, std::vector<std::uint32_t> rank_of_router,
       Communicator& communicator, RankHooks its_hooks)
      : ranks(communicator),
        hooks(std::move(its_hooks)),
        share{ranks.rank(), ranks.size(), std::move(rank_of_router)},
        engine(make_rank_engine(network, chip, mapping, with_share(std::move(options)), rows)),
        windows(*engine, ranks) {}

  SimulationOptions with_share(SimulationOptions options) const {
    options.share = &share;
    return options;
  }
  bool is_full() const { return rows.size() > most_rows; }
  Tally tally() { return {engine->totals(), engine->input_stages()}; }
  RankProfile profile() {
    RankProfile profile = windows.profile();
    profile.events = engine->event_count();
    if (hooks.memory) profile.memory_bytes = hooks.memory();
    return profile;
  }
  /// Of a window that has failed here; empty if none has.
  std::string failure() const {
    if (!windows.failure()) return {};
    try {
      std::rethrow_exception(windows.failure());
    } catch (const std::exception& error) {
      return "rank " + std::to_string(ranks.rank()) + ": " + error.what();
    }
  }

  Communicator& ranks;
  RankHooks hooks;
  RankShare share;
  RankRows rows;
  std::unique_ptr<RankEngine> engine;
  RankWindows windows;
};

template <typename T>
Bytes bytes_of(const T& value) {
  ByteWriter writer;
  writer.put(value);
  return writer.bytes();
}

/// A rank that follows.
class Follower {
 public:
  explicit Follower(Rank& rank) : rank_(rank) {}

  /// True until the end.
  bool obey() {
    Bytes bytes;
    rank_.ranks.broadcast(bytes);
    ByteReader reader(bytes);
    switch (reader.take<Order>()) {
      case Order::push:
        rank_.engine->push_token(reader.take_all<std::uint32_t>());
        break;
      case Order::run:
        return run();
      case Order::totals:
        rank_.ranks.gather(to_bytes(rank_.tally()));
        break;
      case Order::forget_context:
        rank_.engine->forget_context();
        break;
      case Order::obstacles:
        rank_.ranks.gather(bytes_of(rank_.engine->obstacles(reader.take<std::uint32_t>())));
        break;
      case Order::profile:
        rank_.ranks.gather(bytes_of(rank_.profile()));
        break;
      case Order::end:
        return false;
    }
    return true;
  }

 private:
  bool run() {
    const WindowsEnd end = rank_.windows.run(
        {}, [this] { return rank_.is_full(); }, [this](TimePoint /*end*/) { send_rows(); });
    if (end == WindowsEnd::failed) {
      rank_.ranks.gather(bytes_of(rank_.failure()));
      return false;
    }
    rank_.engine->flush();
    send_rows();
    return true;
  }

  void send_rows() { rank_.ranks.gather(rank_.rows.take()); }

  Rank& rank_;
};

}  // namespace

struct RankedSimulation::Impl {
  Impl(const Network& network, const ChipDescription& chip, const Mapping& mapping,
       SimulationOptions options, std::vector<std::uint32_t> rank_of_router, Probe& its_probe,
       Communicator& ranks, RankHooks hooks)
      : rank(network, chip, mapping, std::move(options), std::move(rank_of_router), ranks,
             std::move(hooks)),
        merger(mapping, network.populations().size()),
        probe(its_probe) {}

  void give(Bytes order) const { rank.ranks.broadcast(order); }
  void give(Order order) const { give(bytes_of(order)); }
  std::vector<Bytes> gather() const { return rank.ranks.gather({}); }
  bool advance();
  bool wants_to_stop();
  void take_rows(TimePoint end);
  void report_token();
  [[noreturn]] void fail();
  [[noreturn]] void report_deadlock(std::uint32_t token);

  Rank rank;
  RowMerger merger;
  Probe& probe;
  std::exception_ptr reason;  ///< why windows are to stop
  bool is_over = false;       ///< the other ranks are gone
  SimulationTotals totals;
};

/// Until a token has finished; false if nothing can move any more.
bool RankedSimulation::Impl::advance() {
  give(Order::run);
  const WindowsEnd end =
      rank.windows.run([this] { return wants_to_stop(); }, [this] { return rank.is_full(); },
                       [this](TimePoint until) { take_rows(until); });
  if (end == WindowsEnd::failed) fail();
  rank.engine->flush();
  take_rows(TimePoint::max());
  if (end == WindowsEnd::token) report_token();
  if (reason) std::rethrow_exception(std::exchange(reason, nullptr));
  return end == WindowsEnd::token;
}

/// Whatever is thrown here must wait until all ranks have stopped.
bool RankedSimulation::Impl::wants_to_stop() {
  if (reason || !rank.hooks.check) return reason != nullptr;
  try {
    rank.hooks.check();
  } catch (...) {
    reason = std::current_exception();
  }
  return reason != nullptr;
}

void RankedSimulation::Impl::take_rows(TimePoint end) {
  const std::vector<Bytes> others = gather();
  try {
    RankRows own = std::exchange(rank.rows, {});
    rank.rows.token = std::move(own.token);
    merger.add(std::move(own));
    for (std::size_t i = 1; i < others.size(); ++i) merger.add(RankRows::from(others[i]));
    merger.hand_on(probe, end);
  } catch (...) {
    if (!reason) reason = std::current_exception();
  }
}

void RankedSimulation::Impl::report_token() {
  if (reason) return;
  RankRows::Token token = *std::exchange(rank.rows.token, std::nullopt);
  token.record.logits = token.logits;
  probe.on_token(token.record);
}

void RankedSimulation::Impl::fail() {
  is_over = true;
  std::string text = rank.failure();
  for (const Bytes& bytes : gather()) {
    if (!bytes.empty() && text.empty()) text = ByteReader(bytes).take_text();
  }
  throw Error(text);
}

void RankedSimulation::Impl::report_deadlock(std::uint32_t token) {
  ByteWriter order;
  order.put(Order::obstacles);
  order.put(token);
  give(order.bytes());
  std::string text = rank.engine->obstacles(token);
  for (const Bytes& bytes : gather()) {
    if (!bytes.empty()) text += ByteReader(bytes).take_text();
  }
  throw DeadlockError("token " + std::to_string(token) + " cannot finish" + text);
}

RankedSimulation::RankedSimulation(const Network& network, const ChipDescription& chip,
                                   const Mapping& mapping, SimulationOptions options,
                                   std::vector<std::uint32_t> rank_of_router, Probe& probe,
                                   Communicator& ranks, RankHooks hooks)
    : impl_(std::make_unique<Impl>(network, chip, mapping, std::move(options),
                                   std::move(rank_of_router), probe, ranks, std::move(hooks))) {}

RankedSimulation::~RankedSimulation() {
  if (impl_->is_over) return;
  try {
    impl_->give(Order::end);
  } catch (...) {
    // The ranks cannot be reached any more; whoever broke the connection has said why.
  }
}

void RankedSimulation::push_token(std::span<const std::uint32_t> input_spikes) {
  impl_->rank.engine->push_token(input_spikes);  // first: it may refuse
  ByteWriter order;
  order.put(Order::push);
  order.put(input_spikes);
  impl_->give(order.bytes());
}

std::span<const std::int32_t> RankedSimulation::run_until_readout(std::uint32_t token) {
  for (;;) {
    if (const auto logits = impl_->rank.engine->logits(token)) return *logits;
    if (!impl_->advance()) impl_->report_deadlock(token);
  }
}

void RankedSimulation::drain() {
  while (impl_->advance()) {
  }
  if (const auto token = impl_->rank.engine->open_token()) impl_->report_deadlock(*token);
}

void RankedSimulation::clear_context() {
  drain();
  impl_->give(Order::forget_context);
  impl_->rank.engine->forget_context();
}

const SimulationTotals& RankedSimulation::totals() {
  impl_->give(Order::totals);
  Tally sum = impl_->rank.tally();
  for (const Bytes& bytes : impl_->gather()) {
    if (!bytes.empty()) add(sum, tally_from(bytes));
  }
  sum.totals.now = impl_->rank.windows.now();
  impl_->totals = std::move(sum.totals);
  return impl_->totals;
}

std::vector<RankProfile> RankedSimulation::profiles() {
  impl_->give(Order::profile);
  std::vector<RankProfile> profiles{impl_->rank.profile()};
  for (const Bytes& bytes : impl_->gather()) {
    if (!bytes.empty()) profiles.push_back(ByteReader(bytes).take<RankProfile>());
  }
  return profiles;
}

Duration RankedSimulation::lookahead() const {
  return impl_->rank.windows.lookahead();
}

void follow_simulation(const Network& network, const ChipDescription& chip, const Mapping& mapping,
                       SimulationOptions options, std::vector<std::uint32_t> rank_of_router,
                       Communicator& ranks, RankHooks hooks) {
  Rank rank(network, chip, mapping, std::move(options), std::move(rank_of_router), ranks,
            std::move(hooks));
  Follower follower(rank);
  while (follower.obey()) {
  }
}

std::string obstacle_to_ranks(const Network& network, const ChipDescription& chip,
                              const SimulationOptions& options) {
  if (!network.readout() || network.inputs().size() != 1) {
    return "a network that reads no tokens runs on one rank";
  }
  if (chip.faults.any()) return "faults can be injected on one rank only";
  if (options.packets) return "deliveries of packets are recorded on one rank only";
  return {};
}

}  // namespace synfire
