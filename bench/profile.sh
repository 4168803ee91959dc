#!/bin/sh
# Where the application's processor time goes, by thread, library and method; with a flame graph.
#   bench/profile.sh                         in the closed loop
#   bench/profile.sh open [a second: 200]    in the open loop
#   bench/profile.sh backlog                 while a backlog of events is worked off
#   bench/profile.sh import [rows: 300000]   in the second import of a file
exec "$(dirname "$0")/run.sh" Profile "$@"
