#!/bin/sh
# Makes gold of a folder that was labelled in brat, checks it, and scores the rules on it.
#
#   sh examples/from_brat/from_brat.sh [FOLDER [GOLD]]
#
# Without arguments it takes the two articles beside it. Write your own labels into --map, and into --published the
# day of the articles, which brat has no place for. `factharness gold import --help` says what else there is.
set -eu
here=$(dirname "$0")
folder=${1:-$here/collection}
gold=${2:-goldsets/from-brat}

factharness gold import brat "$folder" -o "$gold" --published 2024-03-05 \
  --map 'Personne=PER,Organisation=ORG,Lieu=LOC,Date=DATE,Citation=QUOTE,Locuteur=SPEAKER,Verbe=CUE'
cp "$here/set.toml" "$gold/set.toml"
factharness gold check "$gold"
factharness run --gold "$gold" -b rules -o reports/from-brat --force
factharness mistakes reports/from-brat
