// SPDX-License-Identifier: Apache-2.0
#include "models/token_replay.hpp"

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>
#include <vector>

#include "sim/error.hpp"
#include "sim/ordered_tasks.hpp"
#include "topology/replica.hpp"
#include "topology/token_values.hpp"
#include "topology/total_sum.hpp"

namespace synfire {
namespace {

/// Tokens that may be under way for each thread: enough that threads find work while one replays a
/// prompt, few enough that their rows are little memory.
constexpr std::size_t tokens_per_thread = 4;

/// What was asked for between two waits for logits.
struct Segment {
  explicit Segment(const TokenValueSource& source, const Network& network)
      : tokens{{source.past().tokens, {}}, SpikeTable(network, source.past().tokens), {}} {}

  bool clears_context = false;  ///< before its tokens
  ReplayedTokens tokens;
  /// [i]: to be done before token i is pushed; last: after the last.
  std::vector<std::vector<std::function<void()>>> calls{1};

  std::size_t size() const { return tokens.values.tokens.size(); }
  void call(std::size_t place) {
    for (const auto& what : calls[place]) what();
  }
};

/// A segment of one token that was replayed beforehand, and ended on a quiet chip.
struct Rehearsal {
  std::size_t seat = 0;
  TimePoint begin{};  ///< in the seat's time
  ReplayRows rows;
  Tally tally;
};

/// A population that the readout does not wait for in every step, if there is one.
std::optional<PopulationId> population_beside_readout(const Network& network) {
  std::vector<bool> leads(network.populations().size(), false);
  std::vector<PopulationId> reached{*network.readout()};
  while (!reached.empty()) {
    const PopulationId id = reached.back();
    reached.pop_back();
    if (leads[index(id)]) continue;
    leads[index(id)] = true;
    for (const ProjectionId incoming : network.incoming(id)) {
      const Projection& projection = network.projection(incoming);
      if (projection.delay == 0) reached.push_back(projection.source);
    }
  }
  const auto apart = std::ranges::find(leads, false);
  if (apart == leads.end()) return std::nullopt;
  return PopulationId{static_cast<std::uint32_t>(apart - leads.begin())};
}

}  // namespace

/// Replicas have seats: one for each thread, which rehearses tokens in their order, and the stage.
/// So what a replica has counted until a token is that of tokens before.
struct TokenReplay::Impl {
  Impl(const Network& network_in, const ChipDescription& chip_in, Mapping mapping_in,
       SimulationOptions options_in, Probe& probe_in);
  void close_segment();
  Replica& replica_at(std::size_t seat);
  std::optional<Rehearsal> rehearse(Segment& segment, std::size_t seat);
  void perform(Segment& segment, std::optional<Rehearsal>& rehearsal);
  void accept(Segment& segment, Rehearsal& rehearsal);
  void play(Segment& segment);
  template <typename What>
  void watch(const ReplayedValues& values, const What& what);
  void stop_watching();
  std::size_t stage() const { return options.threads; }

  const Network& network;
  const ChipDescription& chip;
  Mapping mapping;
  SimulationOptions options;
  Probe& probe;

  // Of the caller.
  TokenValueSource source;
  std::shared_ptr<Segment> open;
  std::vector<std::int32_t> logits;

  // Each of its thread; made when needed. The stage is of effects, in times of the run.
  std::vector<std::unique_ptr<Replica>> replicas;
  std::vector<TimePoint> times;  // of their own

  // No token is rehearsed any more. Packets are told in the order in which they become certain,
  // which depends on when a window of time begins, so on the time of the run.
  std::atomic<bool> is_in_order;

  // Of effects, which happen one after another.
  std::vector<Tally> tallies;  // per seat: of what was handed on
  bool is_quiet = true;        // the chip
  bool is_watched = false;     // the stage reports as it goes
  TimePoint now{};             // of the run
  SimulationTotals totals;

  OrderedTasks tasks;  // last: ends before what it uses
};

TokenReplay::Impl::Impl(const Network& network_in, const ChipDescription& chip_in,
                        Mapping mapping_in, SimulationOptions options_in, Probe& probe_in)
    : network(network_in),
      chip(chip_in),
      mapping(std::move(mapping_in)),
      options(std::move(options_in)),
      probe(probe_in),
      source(network, options.context, options.potentials),
      open(std::make_shared<Segment>(source, network)),
      replicas(stage() + 1),
      times(stage() + 1),
      is_in_order(options.packets),
      tallies(stage() + 1),
      tasks(options.threads, tokens_per_thread * options.threads) {
  tallies[stage()] = replica_at(stage()).tally();  // has a place for every part of the chip
}

Replica& TokenReplay::Impl::replica_at(std::size_t seat) {
  if (!replicas[seat]) {
    replicas[seat] = std::make_unique<Replica>(network, chip, mapping, options);
  }
  return *replicas[seat];
}

void TokenReplay::Impl::close_segment() {
  const auto segment = std::exchange(open, nullptr);
  open = std::make_shared<Segment>(source, network);
  tasks.submit([this, segment](unsigned thread) -> OrderedTasks::Effect {
    auto rehearsal = std::make_shared<std::optional<Rehearsal>>(rehearse(*segment, thread));
    return [this, segment, rehearsal] { perform(*segment, *rehearsal); };
  });
}

/// Replays a single token, in case it begins on a quiet chip. One that does not end so either is
/// left to the stage, as are all after it, and errors.
std::optional<Rehearsal> TokenReplay::Impl::rehearse(Segment& segment, std::size_t seat) {
  if (segment.size() != 1 || is_in_order) return std::nullopt;
  Replica& replica = replica_at(seat);
  Rehearsal rehearsal{.seat = seat, .begin = times[seat]};
  try {
    replica.resume_after(segment.tokens.past, rehearsal.begin);
    replica.run(segment.tokens, [](std::size_t) {});
  } catch (const Error&) {
    is_in_order = true;
  }
  if (is_in_order || !replica.is_quiet()) {
    is_in_order = true;
    return std::nullopt;
  }
  rehearsal.tally = replica.tally();
  rehearsal.rows = replica.take_rows();
  times[seat] = rehearsal.tally.totals.now;
  return rehearsal;
}

void TokenReplay::Impl::perform(Segment& segment, std::optional<Rehearsal>& rehearsal) {
  if (rehearsal && !is_in_order) {
    accept(segment, *rehearsal);
  } else if (segment.size() > 0) {
    play(segment);
  }
  segment.call(segment.size());
}

/// The chip was quiet, so the token went as it was rehearsed, only later.
void TokenReplay::Impl::accept(Segment& segment, Rehearsal& rehearsal) {
  segment.call(0);
  const Duration later = now - rehearsal.begin;
  tallies[rehearsal.seat] = std::move(rehearsal.tally);
  now = tallies[rehearsal.seat].totals.now + later;
  rehearsal.rows.hand_on(later, segment.tokens.values, options.potentials, probe);
}

/// Replays a segment at its time, on the chip as it is then.
void TokenReplay::Impl::play(Segment& segment) {
  Replica& replica = *replicas[stage()];
  if (is_quiet) replica.resume_after(segment.tokens.past, now);
  watch(segment.tokens.values, [&] {
    if (segment.clears_context && !is_quiet) replica.clear_context();
    replica.run(segment.tokens, [&](std::size_t i) { segment.call(i); });
  });
  is_quiet = replica.is_quiet();
  if (!is_quiet) is_in_order = true;
}

/// Does something with the stage and hands on what it reports meanwhile.
template <typename What>
void TokenReplay::Impl::watch(const ReplayedValues& values, const What& what) {
  replicas[stage()]->on_rows(
      [&](ReplayRows& rows) { rows.hand_on(Duration{0}, values, options.potentials, probe); });
  is_watched = true;
  try {
    what();
  } catch (...) {
    stop_watching();
    throw;
  }
  stop_watching();
}

void TokenReplay::Impl::stop_watching() {
  tallies[stage()] = replicas[stage()]->tally();
  now = tallies[stage()].totals.now;
  replicas[stage()]->on_rows({});
  is_watched = false;
}

TokenReplay::TokenReplay(const Network& network, const ChipDescription& chip, Mapping mapping,
                         SimulationOptions options, Probe& probe)
    : impl_(std::make_unique<Impl>(network, chip, std::move(mapping), std::move(options), probe)) {}
TokenReplay::~TokenReplay() = default;

std::string TokenReplay::obstacle(const Network& network, const ChipDescription& chip) {
  FaultDescription faults = chip.faults;
  faults.bit_flip_rate = 0;
  if (faults.any()) return "faults of the chip change what fires";
  if (network.greatest_delay() > 0) return "delayed spikes reach the next token";
  if (network.inputs().size() != 1 || !network.readout()) return "the network reads no tokens";
  if (const auto apart = population_beside_readout(network)) {
    return network.population(*apart).name + " may still be at a token whose logits are known";
  }
  return {};
}

void TokenReplay::push_token(std::span<const std::uint32_t> input_spikes) {
  Segment& open = *impl_->open;
  if (open.size() == 0) open.tokens.past = impl_->source.past();
  TokenValues values = impl_->source.run_token(input_spikes, open.tokens.spikes);
  impl_->logits = values.logits;
  open.tokens.values.tokens.push_back(std::move(values));
  open.calls.emplace_back();
}

std::span<const std::int32_t> TokenReplay::run_until_readout(std::uint32_t token) {
  SYNFIRE_ASSERT(token + 1 == impl_->source.past().tokens, "waits for another than the last token");
  static_cast<void>(token);
  impl_->close_segment();
  return impl_->logits;
}

void TokenReplay::clear_context() {
  impl_->close_segment();
  impl_->source.clear_context();
  impl_->open->clears_context = true;
}

void TokenReplay::then(std::function<void()> what) {
  impl_->open->calls.back().push_back(std::move(what));
}

void TokenReplay::drain() {
  impl_->close_segment();
  impl_->tasks.finish();
  if (impl_->is_quiet) return;
  impl_->watch({}, [&] { impl_->replicas[impl_->stage()]->drain(); });
}

const SimulationTotals& TokenReplay::totals() {
  Impl& impl = *impl_;
  if (impl.is_watched) {
    impl.tallies[impl.stage()] = impl.replicas[impl.stage()]->tally();
    impl.now = impl.tallies[impl.stage()].totals.now;
  }
  Tally sum;
  for (const Tally& tally : impl.tallies) add(sum, tally);
  sum.totals.now = impl.now;
  impl.totals = std::move(sum.totals);
  return impl.totals;
}

bool TokenReplay::ran_in_order() const {
  return impl_->is_in_order;
}

}  // namespace synfire
