#!/bin/sh
# Times the file drop of a running Orderflow against PostgreSQL's COPY of the same orders.
#   bench/import.sh [rows] [jdbc-url] [inbox] [database-user] [process id of Orderflow]
# The first run is a cold one: the JVM compiles while it goes. For warm figures run it twice.
# CPU seconds and heap are those of Linux and jstat, of an Orderflow with the embedded PostgreSQL.
# Needs target/orderflow.jar (mvn package), for the JDBC driver in it.
set -e
cd "$(dirname "$0")/.."
mkdir -p target/bench
unzip -q -o -j target/orderflow.jar 'BOOT-INF/lib/postgresql-*.jar' -d target/bench
exec java -cp "target/bench/*" bench/ImportBench.java \
  "${2:-jdbc:postgresql://127.0.0.1:15432/orderflow}" "${3:-data/inbox}" "${1:-1000000}" "${4:-orderflow}" "${5:-$(pgrep -n -f orderflow.jar)}"
