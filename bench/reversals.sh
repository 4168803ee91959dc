#!/bin/sh
# Times cancellations and returns, over HTTP on 32 connections and by file, alone and beside 200 orders a second.
#   bench/reversals.sh [returns in the file [cancellations and returns over HTTP]]      10000 and 2000 by default
# Prints the figures and saves them in target/bench/reversals.json. The heap is what jstat reports.
exec "$(dirname "$0")/run.sh" ReversalBench "$@"
