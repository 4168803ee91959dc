#!/bin/sh
# Parsing an order, writing its event and rendering its mail, by JMH: microseconds and bytes of garbage for each.
#   bench/micro.sh [name of one: OrderParsing, EventWriting, MailRendering]      also saved in target/bench/micro.json
exec "$(dirname "$0")/run.sh" Micro "$@"
