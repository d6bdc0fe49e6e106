#!/bin/sh
# Scores a suite every night, keeps each night's run, and draws F1 over time.
#
#   sh nightly.sh SUITE HISTORY
#   15 2 * * * cd /srv/facts && sh nightly.sh ci history      in a crontab
#
# HISTORY gets a folder for each day, and trend.svg. The exit code is that of the gate; where nothing could be
# scored, it is that of the run.
set -u
suite=$1 history=$2
night=$history/$(date -u +%F)
mkdir -p "$history"

factharness run "$suite" -q -o "$night" --force
ran=$?
[ -d "$night" ] || exit "$ran"
factharness history "$history" -o "$history/trend.svg"
factharness check "$night"
