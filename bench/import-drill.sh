#!/bin/sh
# Kills target/orderflow.jar (mvn package) at random moments while it imports one file, and counts the orders after.
#   bench/import-drill.sh [rows] [kills] [data folder, of its own]
set -e
cd "$(dirname "$0")/.."
mkdir -p target/bench
unzip -q -o -j target/orderflow.jar 'BOOT-INF/lib/postgresql-*.jar' -d target/bench
cp target/orderflow.jar target/bench/drill.jar
exec java -Djar=target/bench/drill.jar -cp "$(ls target/bench/postgresql-*.jar)" bench/ImportDrill.java "${3:-target/drill}" "${1:-1000000}" "${2:-20}"
