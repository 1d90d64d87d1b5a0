#!/bin/sh
# A sweep as a Slurm job: points on all tasks, one file, safe from the time limit.
#     sbatch --ntasks=64 analysis/slurm/sweep.sh chips.yaml chips.h5 [ARGUMENTS OF synfire sweep]
#SBATCH --job-name=synfire-sweep
#SBATCH --ntasks=16
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=512M
#SBATCH --time=04:00:00
#SBATCH --signal=B:USR1@60
#SBATCH --requeue
#SBATCH --open-mode=append
set -eu
[ $# -ge 2 ] || { echo "usage: sbatch sweep.sh SWEEP.yaml TABLE.h5 [ARGUMENTS]" >&2; exit 2; }
sweep=$1
table=$2
shift 2

# A minute before the time is over the job goes back into the queue; it goes on where it was.
trap 'scontrol requeue "$SLURM_JOB_ID"' USR1

mpirun -n "$SLURM_NTASKS" "${SYNFIRE:-synfire}" sweep "$sweep" -o "$table" --quiet "$@" &
wait $!
