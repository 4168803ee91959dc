#!/bin/sh
# Kills the packaged jar at random places of one file that it imports, and counts the orders after.
#   bench/import-drill.sh [rows] [kills]      1000000 and 20 by default
exec "$(dirname "$0")/run.sh" ImportDrill "$@"
