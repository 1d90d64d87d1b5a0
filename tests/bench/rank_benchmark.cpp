// SPDX-License-Identifier: Apache-2.0

// What do ranks gain on a board that holds a decoder of GPT-2's size, and where does the time go?
//
//   synfire_rank_benchmark                 one process
//   mpirun -n 2 synfire_rank_benchmark     two ranks
//
// Prints rows of the table in RESULTS.md.

#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <unistd.h>

#include "sim/mpi_session.hpp"
#include "tests/bench/silent_probe.hpp"
#include "tests/bench/synthetic_decoder.hpp"
#include "topology/board_share.hpp"
#include "topology/chip.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/mapping.hpp"
#include "topology/ranked_simulation.hpp"
#include "topology/topologies.hpp"

namespace synfire::bench {
namespace {

constexpr std::uint32_t context = 1024;
constexpr std::uint32_t timed_tokens = 6;

/// Two chips of 128 neurocores with 1 MiB each, as large together as the chip of
/// synthetic_decoder_benchmark.
std::vector<std::string> board(const std::string& link_latency) {
  return {"neurocore.synapse_memory=1 MiB",
          "multicast.kind=tree",
          "grid.width=4",
          "grid.height=8",
          "board.columns=2",
          "link.board.latency=" + link_latency};
}

double mebibytes(std::int64_t bytes) {
  return static_cast<double>(bytes) / (1 << 20);
}

std::int64_t resident_bytes() {
  std::int64_t all_pages = 0;
  std::int64_t resident_pages = 0;
  std::ifstream("/proc/self/statm") >> all_pages >> resident_pages;
  return resident_pages * ::sysconf(_SC_PAGESIZE);
}

struct Measurement {
  double seconds_per_token = 0;
  std::int64_t events = 0;
};

/// Tokens one after another, as a text is generated, or at once, as a prompt is read.
template <typename Simulation>
Measurement measure(Simulation& simulation, const SyntheticShape& shape, bool at_once) {
  std::uint32_t token = 0;
  const auto run = [&](std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      simulation.push_token(synthetic_token(shape, token++));
      if (!at_once) simulation.run_until_readout(token - 1);
    }
    simulation.run_until_readout(token - 1);
  };
  run(synthetic_warm_up);
  const std::int64_t before = simulation.totals().events;
  const auto begin = std::chrono::steady_clock::now();
  run(timed_tokens);
  const std::chrono::duration<double> span = std::chrono::steady_clock::now() - begin;
  return {span.count() / timed_tokens, (simulation.totals().events - before) / timed_tokens};
}

void print(const std::string& name, std::uint32_t ranks, const Measurement& run) {
  std::printf("| %s | %u | %.0f ms | %.2f M |", name.c_str(), ranks, 1e3 * run.seconds_per_token,
              1e-6 * static_cast<double>(run.events));
}

void print(const std::vector<RankProfile>& profiles) {
  const auto windows = static_cast<double>(profiles.front().windows);
  double events = 0;
  double messages = 0;
  for (const RankProfile& profile : profiles) {
    events += static_cast<double>(profile.events);
    messages += static_cast<double>(profile.messages_sent);
  }
  std::printf(" %.0f | %.1f | %.2f |", windows, events / windows, messages / windows);
  for (const RankProfile& profile : profiles) {
    const auto sum =
        static_cast<double>(profile.compute_ns + profile.message_ns + profile.waiting_ns);
    const auto share = [&](std::int64_t part) { return 100 * static_cast<double>(part) / sum; };
    std::printf(" %.0f/%.0f/%.0f %%, %.0f MiB |", share(profile.compute_ns),
                share(profile.message_ns), share(profile.waiting_ns),
                mebibytes(profile.memory_bytes));
  }
  std::printf("\n");
  std::fflush(stdout);
}

void run_case(const std::string& link_latency, bool at_once, Communicator* ranks) {
  const SyntheticShape shape;
  Network network = synthetic_decoder(shape);
  const ChipDescription chip = load_chip("loihi-like", board(link_latency));
  const Mapping mapping = map_network(network, chip, context);
  const SimulationOptions options{.context = context};
  const std::string name =
      std::string(at_once ? "at once, " : "one by one, ") + link_latency + " between chips";
  SilentProbe probe;
  if (ranks == nullptr) {
    ChipSimulation simulation(network, chip, mapping, options, probe);
    print(name, 1, measure(simulation, shape, at_once));
    std::printf(" | | | %.0f MiB |\n", mebibytes(resident_bytes()));
    return;
  }
  const auto share = share_board(network, chip, mapping, ranks->size());
  free_weights_elsewhere(network, mapping, build_graph(chip), share, ranks->rank());
  if (ranks->rank() != 0) {
    follow_simulation(network, chip, mapping, options, share, *ranks, {{}, resident_bytes});
    return;
  }
  RankedSimulation simulation(network, chip, mapping, options, share, probe, *ranks,
                              {{}, resident_bytes});
  const Measurement run = measure(simulation, shape, at_once);
  print(name, ranks->size(), run);
  print(simulation.profiles());
}

void run_all(Communicator* ranks) {
  for (const char* latency : {"100 ns", "1 us"}) {
    for (const bool at_once : {false, true}) run_case(latency, at_once, ranks);
  }
}

}  // namespace
}  // namespace synfire::bench

int main() {
  using namespace synfire;
  if (mpi_launch().size == 1) {
    bench::run_all(nullptr);
    return 0;
  }
  MpiSession ranks;
  bench::run_all(&ranks);
  return 0;
}
