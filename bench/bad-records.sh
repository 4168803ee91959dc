#!/bin/sh
# How much 1 % of bad records slows the consumers down: backlogs of 100,000 events without and with them, in one run.
#   bench/bad-records.sh
exec "$(dirname "$0")/run.sh" BadRecords "$@"
