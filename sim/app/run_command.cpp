// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <memory>

#include <CLI/CLI.hpp>

#include "sim/app/commands.hpp"
#include "sim/app/run_options.hpp"

namespace synfire::app {
namespace {

/// Of no use to a model that is run on its own input spikes.
constexpr std::array text_options{"--prompt", "--tokens",     "--temperature",
                                  "--seed",   "--at-context", "--compare"};

constexpr const char* examples =
    "A model file says what goes in: text (/text; --prompt, --tokens, --temperature, --seed,\n"
    "--at-context and --compare are about text), or recorded input spikes (/stimulus), on which "
    "any network of\n"
    "populations and projections is run: models/FORMAT.md.\n\n"
    "Examples\n"
    "  synfire run\n"
    "  synfire run --prompt \"The whale\" --tokens 200 --temperature 0.8 --seed 7\n"
    "  synfire run --chip horowitz-45nm --set neurocore.neurons=256 --json run.json\n"
    "  synfire run --placement annealing --tokens 20\n"
    "  synfire run --out run.h5 --record 'potentials:block0.attention.query[0:8]'\n"
    "  synfire run --set 'faults.drop_rate=1 %' --set faults.seed=2\n"
    "  synfire run --tokens 20 --compare twin,ann\n"
    "  synfire run --threads 2 --parallel tokens\n"
    "  mpirun -n 2 synfire run --set board.columns=2 --set grid.width=4\n"
    "  synfire run --model network-with-stimulus.h5 --out run.h5\n"
    "  synfire run --tokens 1000 --dry-run --traffic run.h5\n"
    "  synfire run --set board.columns=4 --dry-run --ranks 2\n\n"
    "Threads. With --parallel cores everything is computed where it happens; only a barrier lets "
    "many\n"
    "neurocores step at one time. With --parallel tokens plain integer arithmetic says which "
    "neurons\n"
    "fire, and simulations replay when, several tokens at a time: files and numbers are the same, "
    "but\n"
    "`verify` then compares that arithmetic with itself; to test the chip's own sums, run with "
    "cores.\n"
    "Faults that change what fires, and models with a stimulus, run with cores whatever is "
    "asked.\n\n"
    "Ranks. Under mpirun the chips of a board (board.columns, board.rows) are shared among ranks: "
    "each\n"
    "simulates whole chips and keeps their synapses only, and they exchange packets once in a "
    "window\n"
    "of time as long as the least latency between their chips (with credits: and as a credit "
    "takes).\n"
    "Rank 0 shows and writes; text, recording and numbers are those of one process. One process "
    "is\n"
    "needed for a model with a stimulus, faults, --record packets and --parallel tokens.\n\n"
    "JSON keys (SI units): text, complete, model, chip, prompt_tokens, generated_tokens,\n"
    "  reingested_tokens, neurocores,\n"
    "  operating_point.{neurocore_frequency,neurocore_voltage,network_frequency,network_voltage}\n"
    "  (1: that at which the chip's figures hold),\n"
    "  spikes, packets, deliveries, control_packets, hops,\n"
    "  synaptic_operations, multiply_accumulates (of payloads, by dense projections), events,\n"
    "  max_queue_depth, simulated_s, latency_s_per_token,\n"
    "  latency_s_mean, latency_s_longest, latency_s_by_layer.<layer>,\n"
    "  network.{description,chips,routers,neurocores,router_links,waiting_s_mean,stalled_s},\n"
    "  network.slowest_link.{place,waiting_s_mean}, network.busiest_link.{place,utilisation},\n"
    "  network.deepest_queue.{place,packets}, network.most_stalled.{place,stalled_s},\n"
    "  lost.{total,dropped,dead_link,dead_core}, bits_per_character_of_prompt,\n"
    "  faults.{seed,drop_rate,dead_links,dead_cores,stuck_silent_rate,stuck_silent_neurons,\n"
    "  stuck_firing_rate,stuck_firing_neurons,bit_flip_rate,flipped_bits} (if there are any),\n"
    "  energy_j.{total,dynamic,static}, energy_j.static_by_part.{chips,routers,neurocores},\n"
    "  energy_j.by_component.<kind>,\n"
    "  energy_j.by_action.<action>, energy_j.by_layer.<layer>,\n"
    "  energy_j.by_population.<population>,\n"
    "  energy_j.arithmetic.{spiking,artificial_as_published,artificial_corrected},\n"
    "  compare.{twin,ann}.{activation_bits,packets,control_packets,hops,bit_hops,\n"
    "  multiply_accumulates,latency_s_per_token,latency_s_mean,latency_s_by_layer.<layer>,\n"
    "  energy_j.<as above>,energy_j_per_token,energy_spiking_over_twin} (with --compare),\n"
    "  energy_j_per_token, wall_s, events_per_wall_s, peak_rss_bytes, rate.<population>,\n"
    "  sparsity.<population>, silent_fraction.<population>, assumed;\n"
    "  on ranks: ranks.{lookahead_s,windows,message_windows,busiest_events,events_per_window,\n"
    "  messages_per_window,message_bytes},\n"
    "  ranks.foreseen_wall_s.{shared_memory,infiniband,ethernet} (a model: analysis/MPI.md),\n"
    "  ranks.rank[].{chips,events,messages_sent,batches_sent,compute_s,message_s,waiting_s,\n"
    "  resident_bytes} (wall times and memory, no results);\n"
    "  of a model with a stimulus: presentations and time_steps instead of text, *_tokens and\n"
    "  bits_per_character_of_prompt; a presentation counts as a token;\n"
    "  with --dry-run: dry_run, traffic_source, tokens, packets, control_packets,\n"
    "  synaptic_operations, multiply_accumulates, events, synapses, memory_bytes, wall_s,\n"
    "  ranks[].{chips,memory_bytes} (with --ranks)";

void add_inputs(CLI::App& command, RunOptions& options) {
  command.add_option("--model", options.model, "Model file, or the name of a shipped model")
      ->capture_default_str();
  command.add_option("--chip", options.chip, "Chip preset (see synfire info) or YAML file")
      ->capture_default_str();
  command
      .add_option("--set", options.overrides,
                  "Override a number of the chip: key.path=value, units as in the file")
      ->take_all()
      ->allow_extra_args(false);
  add_mapping_options(command, options.mapping);
  command.add_option("--prompt", options.prompt, "Text to go on from")->capture_default_str();
  command.add_option("--tokens", options.tokens, "Tokens (characters) to generate")
      ->capture_default_str();
  command
      .add_option("--temperature", options.temperature,
                  "0: always the likeliest token; 1: as the model believes")
      ->capture_default_str();
  command.add_option("--seed", options.seed, "Of the draws of tokens")->capture_default_str();
  command
      .add_option("--at-context", options.at_context,
                  "When the context is full: reingest its last half, or stop")
      ->capture_default_str();
}

void add_outputs(CLI::App& command, RunOptions& options) {
  command.add_option("--out", options.out, "Recording (HDF5, SONATA spikes) to write");
  command
      .add_option("--record", options.records,
                  "With --out: potentials:POPULATION[i:j], membranes of neurons i to j-1; packets, "
                  "when each was sent and arrived (35 bytes a packet)")
      ->take_all()
      ->allow_extra_args(false);
  command
      .add_option("--compare", options.compare,
                  "Run dense twins on the same chip, cost only: twin (quantised), ann (artificial)")
      ->delimiter(',')
      ->take_all()
      ->allow_extra_args(false);
  command.add_option("--json", options.json,
                     "Write the summary to a file, or `-`: to standard output, alone");
  command.add_flag("--dry-run", options.dry_run,
                   "Only foresee events, memory and wall time; --json has them, too");
  command
      .add_option("--ranks", options.ranks,
                  "With --dry-run: foresee memory of so many ranks of mpirun (analysis/MPI.md)")
      ->needs("--dry-run");
  command.add_flag("--quiet", options.quiet, "Only the text: no progress line, no table");
  command.add_option("--threads", options.threads, "Threads; the result is the same")
      ->capture_default_str();
  command
      .add_option("--parallel", options.parallel,
                  "What threads share: cores (neurocores that step at one time), or tokens (values "
                  "first, then the timing of several tokens of a text); the result is the same")
      ->capture_default_str();
  command
      .add_option("--queue", options.queue, "Event queue: radix or heap; the result is the same")
      ->capture_default_str();
}

}  // namespace

void add_run_command(CLI::App& parser, int& exit_code) {
  const auto options = std::make_shared<RunOptions>();
  CLI::App* command = parser.add_subcommand("run",
                                            "Run a model on a simulated chip: generate text, or "
                                            "present input spikes; say what it cost in "
                                            "time and energy");
  add_inputs(*command, *options);
  add_outputs(*command, *options);
  command->footer(examples);
  command->callback([options, command, &exit_code] {
    for (const char* option : text_options) {
      if (command->count(option) > 0) options->text_options.emplace_back(option);
    }
    exit_code = run(*options);
  });
}

}  // namespace synfire::app
