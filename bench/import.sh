#!/bin/sh
# Times the file drop against PostgreSQL's COPY of the same orders, and HTTP beside it and at rest.
#   bench/import.sh [rows]      1000000 by default, in each of three files: cold, warm, beside HTTP
# Prints the figures and saves them in target/bench/import.json. The heap is what jstat reports.
exec "$(dirname "$0")/run.sh" ImportBench "$@"
