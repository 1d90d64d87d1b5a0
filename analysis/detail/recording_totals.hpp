// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "sim/hdf5_file.hpp"
#include "topology/chip_simulation.hpp"

namespace synfire::detail {

/// A whole-run counter and its dataset in /synfire/run.
struct RecordedCounter {
  const char* name;
  std::int64_t SimulationTotals::*member;
};

inline constexpr std::array<RecordedCounter, 11> recorded_counters{
    {{"events", &SimulationTotals::events},
     {"spikes", &SimulationTotals::spikes},
     {"packets_injected", &SimulationTotals::packets_injected},
     {"deliveries_due", &SimulationTotals::deliveries_due},
     {"packets_delivered", &SimulationTotals::packets_delivered},
     {"packets_in_flight", &SimulationTotals::packets_in_flight},
     {"arrivals", &SimulationTotals::arrivals},
     {"control_packets", &SimulationTotals::control_packets},
     {"hops", &SimulationTotals::hops},
     {"max_queue_depth", &SimulationTotals::max_queue_depth},
     {"barriers", &SimulationTotals::barriers}}};

/// Deliveries that a fault took, and their dataset in /synfire/run.
struct RecordedLoss {
  const char* name;
  std::int64_t LossCounts::*member;
};

inline constexpr std::array<RecordedLoss, 3> recorded_losses{
    {{"lost_dropped", &LossCounts::dropped},
     {"lost_dead_link", &LossCounts::dead_link},
     {"lost_dead_core", &LossCounts::dead_core}}};

/// A counter of every link, and its dataset in /synfire/counts/links.
struct LinkCounter {
  const char* name;
  const char* units;
  std::variant<std::int64_t LinkUse::*, Duration LinkUse::*> member;
};

inline constexpr std::array<LinkCounter, 6> link_counters{
    {{"packets", "1", &LinkUse::packets},
     {"control_packets", "1", &LinkUse::control_packets},
     {"bits", "bit", &LinkUse::bits},
     {"busy_ps", "ps", &LinkUse::busy},
     {"max_queue_depth", "1", &LinkUse::max_queue_depth},
     {"waiting_ps", "ps", &LinkUse::waiting}}};

/// A counter of every neurocore, and its dataset in /synfire/counts/cores.
struct CoreCounter {
  const char* name;
  const char* units;
  std::variant<std::int64_t NeurocoreUse::*, Duration NeurocoreUse::*> member;
};

inline constexpr std::array<CoreCounter, 7> core_counters{
    {{"packets", "1", &NeurocoreUse::packets},
     {"max_queue_depth", "1", &NeurocoreUse::max_queue_depth},
     {"waiting_ps", "ps", &NeurocoreUse::waiting},
     {"input_busy_ps", "ps", &NeurocoreUse::input_busy},
     {"update_busy_ps", "ps", &NeurocoreUse::update_busy},
     {"output_busy_ps", "ps", &NeurocoreUse::output_busy},
     {"stalled_ps", "ps", &NeurocoreUse::stalled}}};

/// Groups that hold the counters of a run, with a slash at the end.
struct TotalsPlace {
  std::string run;     ///< whole-run counters and times
  std::string counts;  ///< `slices/`, `links/`, `cores/`
};
inline const TotalsPlace spiking_place{"/synfire/run/", "/synfire/counts/"};

/// Time, whole-run counters, actions of slices and links, use of links and neurocores: what spiking
/// runs and their twins have in common.
void write_use(Hdf5File& file, const TotalsPlace& place, const SimulationTotals& totals);
/// Reads it back; `slices` is how many there must be. Throws  as read_totals.
SimulationTotals read_use(const Hdf5File& file, const TotalsPlace& place, std::uint64_t slices);

/// Writes what the columns of action counts stand for to /synfire/counts.
void write_action_names(Hdf5File& file);
/// Reads it back; earlier versions knew fewer actions. Throws  IoError for unknown ones.
std::vector<Action> read_action_names(const Hdf5File& file);

/// Writes totals to /synfire/run and /synfire/counts, which exist.
void write_totals(Hdf5File& file, const SimulationTotals& totals);

/// Reads them back; `populations` and `slices` are how many there must be.
/// Throws  IoError if they are missing or inconsistent.
SimulationTotals read_totals(const Hdf5File& file, std::span<const std::string> populations,
                             std::uint64_t slices);

}  // namespace synfire::detail
