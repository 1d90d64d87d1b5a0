// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/arithmetic.hpp"
#include "analysis/injected_faults.hpp"
#include "analysis/twin_report.hpp"
#include "models/alphabet.hpp"
#include "neurons/network.hpp"
#include "sim/hdf5_file.hpp"
#include "sim/ids.hpp"
#include "sim/records.hpp"
#include "topology/chip.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/mapping.hpp"

namespace synfire {

struct RecordedPopulation {
  std::string name;
  std::uint32_t size = 0;
  NeuronModel model = NeuronModel::lif;
  std::string layer;
};

/// Synapses from one population to another.
struct RecordedProjection {
  PopulationId source{};
  PopulationId target{};
  std::uint32_t delay = 0;  ///< in time steps
};

/// What the layers did between two moments of a run.
struct RecordedLayerActions {
  std::uint32_t tokens = 0;  ///< handed to the chip until then
  TimePoint time{};
  std::vector<ActionCounts> layers;  ///< since the moment before, in order of layer_names
};

/// What the links carried between two moments of a run. A transmission counts from the moment on at
/// which its start is certain, so a link may be busy for a little longer than such a window lasts.
struct RecordedLinkWindow {
  std::uint32_t tokens = 0;  ///< handed to the chip until then
  TimePoint time{};
  std::vector<std::int64_t> bits;  ///< per link, since the moment before
  std::vector<Duration> busy;      ///< the same
};

/// A token that reached the host.
struct RecordedToken {
  std::uint32_t token = 0;     ///< count of pushed tokens
  std::uint32_t id = 0;        ///< index into the alphabet, or unnamed_token
  std::uint32_t position = 0;  ///< in its context
  bool is_given = false;       ///< prompt or re-ingested
  TimePoint injected{};
  TimePoint finished{};
};

/// A dense twin that was run beside the spiking network: counts and times, to be priced.
struct RecordedTwin {
  TwinKind kind = TwinKind::quantised;
  std::int64_t activation_bits = 0;
  SimulationTotals totals;  ///< nothing fires; per slice and link as those of the run
  std::vector<TwinTokenTimes> tokens;
};

/// One neuron's membrane potential after a step.
struct RecordedPotential {
  TimePoint time{};
  std::uint32_t token = 0;
  std::uint16_t step = 0;
  std::uint32_t neuron = 0;
  std::int32_t potential = 0;
};

/// A recording that is read back (layout: analysis/RECORDING.md). Rows are read in blocks, so a
/// recording may be larger than memory.
///
/// Everything throws IoError naming the dataset if what it reads is damaged or inconsistent.
class Recording {
 public:
  /// Throws  IoError for a missing, truncated or foreign file, for one whose tables are
  ///         inconsistent, and for the part of a run that has not ended.
  explicit Recording(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return file_.path(); }
  /// False if the run ended early, on request or by a kill.
  bool is_complete() const { return is_complete_; }

  std::uint32_t time_steps() const { return time_steps_; }
  std::span<const RecordedPopulation> populations() const { return populations_; }
  std::optional<PopulationId> find(std::string_view population) const;
  std::span<const PopulationSlice> slices() const { return slices_; }
  /// Empty in recordings of versions that did not write them.
  std::vector<RecordedProjection> projections() const;

  std::string model_identity() const { return file_.read_string("/synfire/model/identity"); }
  std::string model_path() const { return file_.read_string("/synfire/model/path"); }
  Alphabet alphabet() const;
  std::string chip_name() const { return file_.read_string("/synfire/chip/name"); }
  std::string chip_yaml() const { return file_.read_string("/synfire/chip/yaml"); }
  /// The chip of the run, faults included. Throws ConfigError if this version cannot read it.
  ChipDescription chip() const;
  /// Which parts failed; nothing if the chip had no faults.
  std::optional<InjectedFaults> faults() const;

  /// Facts of /synfire/run by name; has_run_value tells whether there is one.
  bool has_run_value(const std::string& name) const;
  std::string run_text(const std::string& name) const;
  std::int64_t run_integer(const std::string& name) const;
  double run_real(const std::string& name) const;
  /// Texts of /synfire/provenance, for example `version` or `volatile/date`; absent: nothing.
  std::optional<std::string> provenance_text(const std::string& name) const;

  /// 0 for populations that send no spikes.
  std::uint64_t spike_count(PopulationId population) const;
  std::uint64_t total_spike_count() const;
  /// Spikes [first, first + count) of a population, ascending in time.
  std::vector<SpikeRecord> spikes(PopulationId population, std::uint64_t first,
                                  std::uint64_t count) const;

  std::uint64_t step_count() const { return step_count_; }
  std::vector<StepRecord> steps(std::uint64_t first, std::uint64_t count) const;

  /// Empty in recordings of versions that did not write them.
  std::vector<std::string> layer_names() const;
  /// Every moment that was noted, ascending; of all layers together the counts of totals().
  std::vector<RecordedLayerActions> layer_actions() const;

  /// 0 in recordings of versions that did not write them.
  std::uint64_t link_window_count() const { return link_window_count_; }
  /// Moments [first, first + count), ascending; all together the link_use of totals().
  std::vector<RecordedLinkWindow> link_windows(std::uint64_t first, std::uint64_t count) const;

  /// 0 if no packets were asked for.
  std::uint64_t packet_count() const { return packet_count_; }
  /// Packets [first, first + count), in no order of time.
  std::vector<PacketRecord> packets(std::uint64_t first, std::uint64_t count) const;

  /// 0 if no potentials of the population were asked for.
  std::uint64_t potential_count(PopulationId population) const;
  std::vector<RecordedPotential> potentials(PopulationId population, std::uint64_t first,
                                            std::uint64_t count) const;

  std::uint64_t token_count() const { return token_count_; }
  std::vector<RecordedToken> tokens() const;
  /// Neurons of the readout; 0: the network has none, and there are no logits.
  std::uint32_t vocabulary() const;
  /// Logits of tokens [first, first + count): [count][vocabulary].
  std::vector<std::int32_t> logits(std::uint64_t first, std::uint64_t count) const;

  /// The `arithmetic` account; nothing if the network is no SpikeDecoder or the run was killed.
  std::optional<ArithmeticAccount> arithmetic_account() const;

  /// Counters of the run; nothing if it was killed before it could write them.
  std::optional<SimulationTotals> totals() const;
  /// Those that the run was compared with; none if it was not, or was killed before.
  std::vector<RecordedTwin> twins() const;

 private:
  void read_signature();
  void read_populations();
  void read_slices();
  void check_tables();
  void check_link_windows();
  std::uint64_t checked_rows(const std::string& group, std::span<const char* const> columns) const;
  const std::string& name_of(PopulationId population) const {
    return populations_[index(population)].name;
  }
  [[noreturn]] void refuse(const std::string& place, const std::string& fact) const;

  Hdf5File file_;
  bool is_complete_ = false;
  std::uint32_t time_steps_ = 0;
  std::vector<RecordedPopulation> populations_;
  std::vector<PopulationSlice> slices_;
  std::vector<std::uint64_t> spike_counts_;
  std::vector<std::uint64_t> potential_counts_;
  std::uint64_t step_count_ = 0;
  std::uint64_t token_count_ = 0;
  std::uint64_t link_window_count_ = 0;
  std::uint64_t packet_count_ = 0;
};

}  // namespace synfire
