// SPDX-License-Identifier: Apache-2.0
// Whole runs on every fast path: instructions of the machine, event queues, threads. All write the
// same recording, and the reference, on the same instructions, finds no difference in it.
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "analysis/recorder.hpp"
#include "analysis/recording.hpp"
#include "analysis/verification.hpp"
#include "models/chip_runner.hpp"
#include "models/generation.hpp"
#include "models/tokenizer.hpp"
#include "sim/multiversion.hpp"
#include "tests/support/mutation.hpp"
#include "tests/support/random_chip.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/random_network.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/temporary_folder.hpp"

namespace synfire::test {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t models = 2;  // ten times slower
#else
constexpr std::uint64_t models = 16;
#endif
constexpr std::int64_t generated = 3;  // tokens

/// Every second one a decoder, wide enough that vectors of 64 weights are filled.
Model random_model(std::uint64_t seed) {
  if (seed % 2 == 0) return random_network(seed);
  DecoderArchitecture architecture = random_architecture(seed);
  architecture.hidden = 64 + architecture.hidden * 3;
  return random_decoder(seed, architecture).model;
}

struct FastPath {
  InstructionSet instructions = InstructionSet::portable;
  QueueKind queue = QueueKind::binary_heap;
  std::uint32_t threads = 1;
};

std::string to_string(const FastPath& path) {
  return std::string(to_string(path.instructions)) +
         (path.queue == QueueKind::binary_heap ? ", binary heap, " : ", radix heap, ") +
         std::to_string(path.threads) + " threads";
}

std::vector<FastPath> all_fast_paths() {
  std::vector<FastPath> paths;
  for (const InstructionSet set : instruction_sets()) {
    for (const QueueKind queue : {QueueKind::binary_heap, QueueKind::radix_heap}) {
      for (const std::uint32_t threads : {1U, 2U}) paths.push_back({set, queue, threads});
    }
  }
  return paths;
}

/// A model on a chip, to be run again and again.
class RecordedModel {
 public:
  explicit RecordedModel(std::uint64_t seed)
      : model_(random_model(seed)),
        chip_(random_chip(seed)),
        mapping_(random_mapping(seed, model_.network, chip_)) {
    if (!model_.has_text()) return;
    for (const Token token : random_tokens(seed, model_.text.alphabet.size(), 2)) {
      prompt_ += model_.text.alphabet[token];
    }
  }

  void record(const FastPath& path, const std::filesystem::path& file) const {
    Recorder recorder(file, {.network = model_.network,
                             .chip = chip_,
                             .mapping = mapping_,
                             .model_identity = model_.identity,
                             .model_path = "random",
                             .alphabet = model_.text.alphabet,
                             .run = arguments()});
    ChipSimulation simulation(
        model_.network, chip_, mapping_,
        {.queue = path.queue, .threads = path.threads, .context = model_.context()}, recorder);
    const std::string text = model_.has_text() ? generate(simulation, recorder) : "";
    if (!model_.has_text()) present(simulation, recorder);
    simulation.drain();
    std::vector<RecordedValue> run;
    if (model_.has_text()) run.push_back({"text", text});
    recorder.finish({.totals = simulation.totals(), .run = run});
  }

  bool is_verified(const std::filesystem::path& file) const {
    return verify(Recording(file), model_).has_passed();
  }

 private:
  std::vector<RecordedValue> arguments() const {
    if (!model_.has_text()) return {{"presentations", std::int64_t{model_.presentations()}}};
    return {{"prompt", prompt_},
            {"tokens", generated},
            {"temperature", 0.0},
            {"seed", std::int64_t{0}},
            {"at_context", "reingest"}};
  }

  std::string generate(ChipSimulation& simulation, Recorder& recorder) const {
    ChipRunner runner(simulation);
    const GenerationObserver observer{.on_push = [&](const PushedToken& pushed) {
      recorder.note_actions(pushed.index, simulation.totals());
      recorder.name_token(pushed.index, {pushed.token, pushed.position, pushed.is_given});
    }};
    Generator generator(model_.text, runner, {.tokens = generated}, observer);
    return prompt_ + generator.run(Tokenizer(model_.text.alphabet).encode(prompt_)).text;
  }

  void present(ChipSimulation& simulation, Recorder& recorder) const {
    for (std::uint32_t i = 0; i < model_.presentations(); ++i) {
      recorder.name_token(i, {.id = unnamed_token, .position = i, .is_given = true});
      simulation.push_stimulus(model_.stimulus->presentation(i, model_.network.time_steps()));
    }
  }

  Model model_;
  ChipDescription chip_;
  Mapping mapping_;
  std::string prompt_;
};

}  // namespace

TEST_CASE("I1 and I5: every instruction set and queue and number of threads records the same") {
  const TemporaryFolder folder;
  for (std::uint64_t i = 0; i < models; ++i) {
    const std::uint64_t seed = base_seed() + 7000 + i;
    INFO("seed " << seed);
    const RecordedModel model(seed);
    std::string first;
    for (const FastPath& path : all_fast_paths()) {
      INFO(to_string(path));
      const ForcedInstructionSet forced(path.instructions);
      model.record(path, folder / "run.h5");
      const std::string bytes = read_bytes(folder / "run.h5");
      if (first.empty()) first = bytes;
      CHECK((bytes == first));  // no provenance that may differ was given
      if (path.threads == 1) CHECK(model.is_verified(folder / "run.h5"));
    }
  }
}

}  // namespace synfire::test
