#!/bin/sh
# How PostgreSQL goes about the statements on tables that grow: fills a database of its own, then explains each.
#   bench/query-plans.sh [orders]      10,000,000 take about 8 GB below target/bench while it runs
exec "$(dirname "$0")/run.sh" QueryPlans "$@"
