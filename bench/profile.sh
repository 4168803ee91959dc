#!/bin/sh
# Where the application's processor time goes in the closed loop, by thread, library and method; with a flame graph.
#   bench/profile.sh [orders sent before, to warm up: 60000]
exec "$(dirname "$0")/run.sh" Profile "$@"
