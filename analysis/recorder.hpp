// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "analysis/arithmetic.hpp"
#include "analysis/energy.hpp"
#include "analysis/injected_faults.hpp"
#include "analysis/twin_report.hpp"
#include "models/alphabet.hpp"
#include "neurons/network.hpp"
#include "sim/records.hpp"
#include "topology/chip.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/mapping.hpp"

namespace synfire {

/// A named fact about a run; `units` is `1` for plain numbers and ignored for texts.
struct RecordedValue {
  std::string name;
  std::variant<std::int64_t, double, std::string> value;
  std::string units = "1";
};

/// What a recording says before the first spike; kept only while a Recorder is being made.
struct RunDescription {
  const Network& network;
  const ChipDescription& chip;
  const Mapping& mapping;
  std::string model_identity;
  std::string model_path;
  Alphabet alphabet;                               ///< one symbol per token
  std::vector<RecordedValue> run;                  ///< prompt, seed, temperature, ...
  std::vector<RecordedValue> provenance;           ///< version, ...; equal for equal runs
  std::vector<RecordedValue> volatile_provenance;  ///< command line, date, host, threads, ...
  std::vector<SimulationOptions::PotentialRequest> potentials;
  std::optional<InjectedFaults> faults;  ///< nothing if the chip has none
  bool packets = false;                  ///< SimulationOptions::packets
};

/// What a run cost, by more than one reckoning.
struct EnergyAccounts {
  EnergyReport chip;
  std::optional<ArithmeticAccount> arithmetic;  ///< nothing if the network is no SpikeDecoder
};

/// What a recording says after the last spike.
struct RunOutcome {
  const SimulationTotals& totals;
  EnergyAccounts accounts;
  bool is_complete = true;                         ///< false: ended early on request
  std::vector<RecordedValue> run;                  ///< text, ...
  std::vector<RecordedValue> volatile_provenance;  ///< wall time, peak memory, ...
  std::span<const TwinReport> twins{};             ///< that the run was compared with
};

/// Where a token of the run comes from.
struct TokenOrigin {
  std::uint32_t id = 0;        ///< index into the alphabet
  std::uint32_t position = 0;  ///< in its context; 0: a context starts here
  bool is_given = false;       ///< prompt or re-ingested; false: chosen from the logits before
};

/// Writes one run to an HDF5 file (layout: analysis/RECORDING.md), as it happens, in bounded
/// memory, on a thread of its own.
///
/// The rows go to `FILE.part`, which survives a kill up to the last flush (recover_recording);
/// finish() makes FILE of it. Without finish the part is kept, or removed if it holds no rows.
/// Throws         IoError if the file cannot be written, or a part of an earlier run lies there;
///                what the thread meets is thrown by a later call, at the latest by finish().
/// Thread-safety  none: one thread calls a recorder.
class Recorder final : public Probe {
 public:
  Recorder(const std::filesystem::path& file, const RunDescription& description);
  ~Recorder() override;
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// To be called before the logits of `token` arrive; tokens not named are recorded with id
  /// `unnamed_token`.
  void name_token(std::uint32_t token, const TokenOrigin& origin);

  void on_spikes(std::span<const SpikeRecord> spikes) override;
  void on_steps(std::span<const StepRecord> steps) override;
  void on_potentials(const PotentialRecord& potentials) override;
  /// Nothing is recorded unless the description asks for packets.
  void on_packets(std::span<const PacketRecord> packets) override;
  void on_token(const TokenRecord& token) override;

  /// What has been counted when `tokens` tokens have been handed to the chip; the differences to
  /// the call before, of layers and of links, are recorded. To be called when a token is handed in
  /// or has reached the host, so that selections of tokens have an energy and a use of links.
  void note_actions(std::uint32_t tokens, const SimulationTotals& totals);

  /// Makes everything reported so far safe from a kill, and waits until it is. Happens by itself
  /// once a second, without waiting.
  void flush();

  /// Writes FILE, whole, in HDF5's earliest format, and removes the part.
  void finish(const RunOutcome& outcome);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

inline constexpr std::uint32_t unnamed_token = 0xffffffffU;

/// Name of the file that a recorder of `file` writes first: `FILE.part`.
std::filesystem::path part_of(const std::filesystem::path& file);

}  // namespace synfire
