#!/bin/sh
# Kills two instances, Kafka, PostgreSQL and the mail server at random (kill -9) while orders come in over HTTP and from
# files, and some are cancelled or given back; starts each again, freezes the instances for 30 s (kill -STOP), and counts
# from outside what was lost or done twice. Some ten minutes.
#   bench/fault-drill.sh [faults] [seed]
exec "$(dirname "$0")/run.sh" FaultDrill "$@"
