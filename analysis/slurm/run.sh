#!/bin/sh
# One large simulation as a Slurm job: a board's chips on all tasks, a node each for its memory.
#     sbatch --nodes=4 analysis/slurm/run.sh run.h5 --model large.h5 --chip board.yaml --tokens 100
#SBATCH --job-name=synfire-run
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=1
#SBATCH --mem=4G
#SBATCH --time=04:00:00
set -eu
[ $# -ge 1 ] || { echo "usage: sbatch run.sh RECORDING.h5 [ARGUMENTS OF synfire run]" >&2; exit 2; }
recording=$1
shift

# What a run left that was killed is read with: synfire info --recover RECORDING.h5.part
exec mpirun -n "$SLURM_NTASKS" "${SYNFIRE:-synfire}" run --out "$recording" \
  --json "${recording%.h5}.json" --quiet "$@"
