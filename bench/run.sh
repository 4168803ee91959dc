#!/bin/sh
# Runs a benchmark against the packaged jar, both built first if something has changed.
#   bench/run.sh CLASS [arguments]      a class of the package orderflow.bench
# Needs Linux, for what processes use. Logs stay in target/bench/CLASS-<time>/.
set -e
cd "$(dirname "$0")/.."
changed() { [ ! -e "$1" ] || [ -n "$(find pom.xml application.yml templates routes src bench -newer "$1" -type f -print -quit)" ]; }
mkdir -p target/bench
if changed target/bench/classpath; then
  mvn -q -DskipTests package dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile=target/bench/classpath
  touch target/bench/classpath
fi
class=$1
shift
exec java ${BENCH_JAVA_OPTS-} -cp "target/test-classes:target/classes:$(cat target/bench/classpath)" "orderflow.bench.$class" "$@"
