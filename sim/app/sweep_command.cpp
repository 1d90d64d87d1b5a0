// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <thread>

#include <CLI/CLI.hpp>

#include "sim/app/commands.hpp"
#include "sim/app/sweep_options.hpp"
#include "sim/mpi_session.hpp"

namespace synfire::app {
namespace {

constexpr const char* examples =
    "Every workload is run once; its spikes are replayed on every chip, which takes no synaptic\n"
    "sums. Rows are safe as soon as they are made: after a kill the same command goes on where it\n"
    "was. The table does not depend on threads, ranks or interruptions. A chip on which the model\n"
    "does not fit is a row with its error. Under mpirun the ranks share the points, rank 0 writes\n"
    "(analysis/MPI.md).\n\n"
    "A sweep file (analysis/SWEEP.md says all of it)\n"
    "  chip: loihi-like                      # preset or file; what is not varied\n"
    "  method: sobol                         # grid, random, latin_hypercube, sobol\n"
    "  points: 200                           # not of a grid\n"
    "  parameters:                           # any key path of a chip file\n"
    "    grid:\n"
    "      width: 4 .. 16 step 4\n"
    "    neurocore:\n"
    "      neurons: 64, 256, 1024\n"
    "      synapse_memory: 16 KiB .. 256 KiB log\n"
    "    multicast:\n"
    "      kind: unicast, tree\n"
    "  constraints:\n"
    "    memory: grid.width * grid.height * grid.cores_per_tile * neurocore.synapse_memory <= 16 "
    "MiB\n"
    "  workloads:\n"
    "    whale: {model: moby-dick, prompt: Call me Ishmael., tokens: 16}\n"
    "  objectives: energy_per_token, latency_per_token, area_proxy\n"
    "  narrowing: {rounds: 3, points: 40}    # then 3 rounds of 40 around the Pareto front\n\n"
    "Examples\n"
    "  synfire sweep chips.yaml -o chips.h5 --csv chips.csv\n"
    "  synfire sweep chips.yaml -o chips.h5 --threads 2\n"
    "  mpirun -n 16 synfire sweep chips.yaml -o chips.h5\n\n"
    "JSON keys: complete, rows, failed, parameters, objectives, units.<column>,\n"
    "  front[].{workload,point,round,<key path>,<metric>}; a metric is one of energy_per_token,\n"
    "  latency_per_token, energy_delay_product, area_proxy, utilisation, latency_mean,\n"
    "  energy_{neurocore,attention_unit,network,host,static}, neurocores, packets_per_token,\n"
    "  hops_per_token, busiest_link";

}  // namespace

void add_sweep_command(CLI::App& parser, int& exit_code) {
  const auto options = std::make_shared<SweepArguments>();
  // Ranks are as many as there are processors.
  if (!mpi_launch().is_launched) {
    options->threads = std::max(1U, std::thread::hardware_concurrency());
  }
  CLI::App* command = parser.add_subcommand(
      "sweep", "Try many chips on the same spikes: a table, and the Pareto front");
  command->add_option("file", options->file, "Sweep (YAML): parameters, workloads, objectives")
      ->required();
  command->add_option("-o,--out", options->out, "Table (HDF5) to write, or to go on with")
      ->required();
  command->add_option("--csv", options->csv,
                      "Write the table as comma-separated values, too, or `-`: alone");
  command->add_option("--json", options->json,
                      "Write the Pareto front to a file, or `-`: to standard output, alone");
  command->add_option("--threads", options->threads,
                      "Points at a time; default: all processors, or one on each rank of mpirun");
  command->add_flag("--dry-run", options->dry_run,
                    "Only foresee rows, memory and wall time; writes nothing");
  command->add_flag("--quiet", options->quiet, "No progress line, no table");
  command->footer(examples);
  command->callback([options, &exit_code] { exit_code = sweep(*options); });
}

}  // namespace synfire::app
