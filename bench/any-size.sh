#!/bin/sh
# Operators' work on 1,000,000 dead letters, a customer of 500,000 orders and mails, and an outbox of 1,000,000 records: how
# long the calls take, the work behind them, and the longest statement.
#   bench/any-size.sh [share]      1 by default; 0.1 makes a tenth of all
exec "$(dirname "$0")/run.sh" AnySize "$@"
