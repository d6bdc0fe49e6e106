#!/bin/bash
# Extraction as a Slurm job array: each task takes every N-th article; one more job then joins what they wrote.
#
#   array=$(sbatch --parsable --array=1-100 examples/cluster/slurm_array.sh rules archive.jsonl facts)
#   sbatch --dependency=afterok:$array --export=ALL,COMBINE=100 examples/cluster/slurm_array.sh rules archive.jsonl facts
#
# A task that was ended goes on when it is sent again, for example with `scontrol requeue`.
#SBATCH --job-name=factharness
#SBATCH --cpus-per-task=1
#SBATCH --mem=2G
#SBATCH --requeue
set -euo pipefail

backend=$1 input=$2 out=$3
export OMP_NUM_THREADS=1
mkdir -p "$out"

if [ -n "${COMBINE:-}" ]; then
  shards=()
  for ((k = 1; k <= COMBINE; k++)); do shards+=("$out/shard-$k.jsonl"); done
  exec factharness combine "${shards[@]}" -o "$out/all.jsonl"
fi

factharness extract "$backend" "$input" -q \
  -o "$out/shard-$SLURM_ARRAY_TASK_ID.jsonl" --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT"
