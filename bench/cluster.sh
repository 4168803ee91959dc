#!/usr/bin/env bash
# A cluster without containers: three Kafka brokers, PostgreSQL with a synchronous standby behind PgBouncer (transaction
# mode), a mail server, and two instances of the packaged jar with different roles, as processes of this machine.
#   bench/cluster.sh start              everything, in target/bench/cluster; prints the addresses
#   bench/cluster.sh status             what runs, and which PostgreSQL is the primary
#   bench/cluster.sh failover           kills the primary, promotes the standby, and makes the killed one its standby
#   bench/cluster.sh kill|up PART       PART: kafka-1 kafka-2 kafka-3 pgbouncer smtp app-1 app-2
#   bench/cluster.sh freeze|thaw PART
#   bench/cluster.sh stop
# Needs: apt-get install postgresql pgbouncer, and mvn package -DskipTests once. No Patroni: the failover is this script's.
set -euo pipefail
cd "$(dirname "$0")/.."
HOME_DIR=$PWD/target/bench/cluster
JAR=${ORDERFLOW_JAR:-$PWD/target/orderflow.jar}
BASE_PORT=${CLUSTER_PORT:-29000}
DURABILITY=${CLUSTER_DURABILITY:-replicated}
KEY=a-key-of-the-bench-cluster
BIN=$(ls -d /usr/lib/postgresql/*/bin 2> /dev/null | sort -V | tail -1)
BOUNCER=$(command -v pgbouncer || echo /usr/sbin/pgbouncer)
BROKERS=127.0.0.1:$((BASE_PORT + 31)),127.0.0.1:$((BASE_PORT + 32)),127.0.0.1:$((BASE_PORT + 33))
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
port() { # of a part
  case $1 in
    pg-a) echo $((BASE_PORT + 11)) ;; pg-b) echo $((BASE_PORT + 12)) ;; pgbouncer) echo $((BASE_PORT + 20)) ;;
    kafka-*) echo $((BASE_PORT + 30 + ${1#kafka-})) ;; smtp) echo $((BASE_PORT + 40)) ;; app-*) echo $((BASE_PORT + ${1#app-})) ;;
  esac
}
other() { [ "$1" = pg-a ] && echo pg-b || echo pg-a; }
primary() { cat "$HOME_DIR/primary"; }
pid() { cat "$HOME_DIR/$1.pid" 2> /dev/null || true; }
alive() { local p; p=$(pid "$1"); [ -n "$p" ] && kill -0 "$p" 2> /dev/null; }
until_is() { # SECONDS WHAT COMMAND...: waits until the command succeeds
  local end=$((SECONDS + $1)) what=$2; shift 2
  until "$@" > /dev/null 2>&1; do
    [ $SECONDS -lt $end ] || { echo "$what did not come in time, see $HOME_DIR" >&2; exit 1; }
    sleep 0.3
  done
}
listens() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }
sql() { psql -qAtX -h 127.0.0.1 -p "$(port "$1")" -U postgres orderflow -c "$2"; }
background() { # PART COMMAND...
  local part=$1; shift
  nohup "$@" >> "$HOME_DIR/$part.log" 2>&1 < /dev/null &
  echo $! > "$HOME_DIR/$part.pid"
}
classpath() {
  [ -s target/bench/classpath ] || { mkdir -p target/bench && mvn -q -DskipTests test-compile dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile=target/bench/classpath; }
  echo "target/test-classes:target/classes:$(cat target/bench/classpath)"
}

pg_start() { # PART
  as_postgres "$BIN/pg_ctl" -D "$HOME_DIR/$1" -l "$HOME_DIR/$1/server.log" -w -t 60 start \
    -o "-c port=$(port "$1") -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_buffers=32MB -c max_connections=100 -c wal_keep_size=256MB -c cluster_name=$1 -c wal_sender_timeout=5s" > /dev/null
}
pg_init() {
  as_postgres "$BIN/initdb" -D "$HOME_DIR/pg-a" -U postgres -A trust -E UTF8 --locale=C > /dev/null
  pg_start pg-a
  psql -qX -h 127.0.0.1 -p "$(port pg-a)" -U postgres -c "create role orderflow login" -c "create database orderflow owner orderflow"
  echo pg-a > "$HOME_DIR/primary"
}
standby() { # PART: a fresh copy of the primary that follows it, and that each commit waits for
  rm -rf "${HOME_DIR:?}/$1"
  as_postgres "$BIN/pg_basebackup" -D "$HOME_DIR/$1" -R -X stream -c fast -d "host=127.0.0.1 port=$(port "$(primary)") user=postgres application_name=$1"
  pg_start "$1"
  sql "$(primary)" "alter system set synchronous_standby_names = 'ANY 1 (\"pg-a\", \"pg-b\")'"
  sql "$(primary)" "select pg_reload_conf()" > /dev/null
  until_is 60 "the standby" streaming
}
streaming() { [ "$(sql "$(primary)" "select count(*) from pg_stat_replication where sync_state in ('sync', 'quorum')")" = 1 ]; }
bouncer_ini() {
  cat > "$HOME_DIR/pgbouncer.ini" << INI
[databases]
orderflow = host=127.0.0.1 port=$(port "$(primary)") user=orderflow
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $(port pgbouncer)
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 20
max_client_conn = 200
ignore_startup_parameters = extra_float_digits
server_login_retry = 1
server_connect_timeout = 3
INI
  [ "$(id -u)" != 0 ] || echo "user = nobody" >> "$HOME_DIR/pgbouncer.ini"
}

up() { # PART
  ! alive "$1" || return 0
  case $1 in
    pgbouncer) bouncer_ini; background pgbouncer "$BOUNCER" "$HOME_DIR/pgbouncer.ini" ;;
    smtp) background smtp sh -c "tail -f /dev/null | exec java -Xmx64m -XX:+UseSerialGC -cp '$(classpath)' orderflow.bench.SmtpSink '$HOME_DIR/smtp' $(port smtp)" ;;
    kafka-*)
      local n=${1#kafka-} conf=$HOME_DIR/$1.properties
      cat > "$conf" << CONF
process.roles=broker,controller
node.id=$n
controller.quorum.voters=1@127.0.0.1:$((BASE_PORT + 51)),2@127.0.0.1:$((BASE_PORT + 52)),3@127.0.0.1:$((BASE_PORT + 53))
listeners=PLAINTEXT://127.0.0.1:$(port "$1"),CONTROLLER://127.0.0.1:$((BASE_PORT + 50 + n))
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=$HOME_DIR/$1
offsets.topic.replication.factor=3
offsets.topic.num.partitions=6
transaction.state.log.replication.factor=3
transaction.state.log.min.isr=2
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=2097152
CONF
      [ -d "$HOME_DIR/$1" ] || java -cp "$(classpath)" kafka.tools.StorageTool format -t b3JkZXJmbG93Y2x1c3Rlcg -c "$conf" > "$HOME_DIR/$1.log" 2>&1
      background "$1" java -Xmx192m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$(classpath)" kafka.Kafka "$conf" ;;
    app-*)
      local roles="http, relay, consumers, mails, imports, maintenance"
      [ "$1" = app-1 ] || roles="${CLUSTER_ROLES_2:-http, relay, consumers, mails, maintenance}"
      mkdir -p "$HOME_DIR/$1"
      background "$1" env -C "$HOME_DIR/$1" SPRING_DATASOURCE_URL="jdbc:postgresql://127.0.0.1:$(port pgbouncer)/orderflow" \
        SPRING_DATASOURCE_USERNAME=orderflow SPRING_DATASOURCE_PASSWORD= KAFKA_BROKERS="$BROKERS" \
        SMTP_HOST=127.0.0.1 SMTP_PORT="$(port smtp)" SERVER_PORT="$(port "$1")" ORDERFLOW_API_KEY=$KEY ORDERFLOW_DATA="$HOME_DIR/$1/data" \
        ORDERFLOW_ROLES="$roles" ORDERFLOW_DURABILITY="$DURABILITY" \
        java -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar "$JAR" ;;
    *) echo "no part $1" >&2; exit 2 ;;
  esac
}
kill_part() { local p; p=$(pid "$1"); [ -z "$p" ] || { pkill -KILL -P "$p" 2> /dev/null || true; kill -KILL "$p" 2> /dev/null || true; }; rm -f "$HOME_DIR/$1.pid"; }
ready() { curl -fsS -m 3 "http://127.0.0.1:$(port "$1")/actuator/health/readiness"; }

start() {
  [ -x "$BIN/initdb" ] && [ -x "$BOUNCER" ] || { echo "apt-get install postgresql pgbouncer" >&2; exit 2; }
  [ -e "$JAR" ] || { echo "mvn package -DskipTests" >&2; exit 2; }
  [ ! -e "$HOME_DIR/primary" ] || { echo "it is there already: bench/cluster.sh stop" >&2; exit 2; }
  mkdir -p "$HOME_DIR"; chmod 755 "$HOME_DIR"
  [ "$(id -u)" != 0 ] || { install -d -o postgres "$HOME_DIR/pg-a" "$HOME_DIR/pg-b"; chown postgres "$HOME_DIR"; }
  pg_init; standby pg-b
  up pgbouncer; up smtp
  for n in 1 2 3; do up kafka-$n; done
  for n in 1 2 3; do until_is 180 "broker $n" listens "$(port kafka-$n)"; done
  for n in 1 2; do up app-$n; until_is 300 "instance $n" ready app-$n; done
  status
}
failover() {
  local old new; old=$(primary); new=$(other "$old")
  as_postgres "$BIN/pg_ctl" -D "$HOME_DIR/$old" -m immediate stop > /dev/null || true
  as_postgres "$BIN/pg_ctl" -D "$HOME_DIR/$new" -w promote > /dev/null
  echo "$new" > "$HOME_DIR/primary"
  bouncer_ini; ! alive pgbouncer || kill -HUP "$(pid pgbouncer)"
  standby "$old"
}
status() {
  for part in pgbouncer smtp kafka-1 kafka-2 kafka-3 app-1 app-2; do
    printf '%-10s port %s %s\n' $part "$(port $part)" "$(alive $part && echo "pid $(pid $part)" || echo away)"
  done
  printf '%-10s port %s, standbys that commits wait for: %s\n' "$(primary)" "$(port "$(primary)")" "$(sql "$(primary)" "select count(*) from pg_stat_replication where sync_state in ('sync', 'quorum')")"
  echo "key $KEY"
}
stop() {
  for part in app-1 app-2 kafka-1 kafka-2 kafka-3 smtp pgbouncer; do kill_part $part; done
  for part in pg-a pg-b; do as_postgres "$BIN/pg_ctl" -D "$HOME_DIR/$part" -m immediate stop > /dev/null 2>&1 || true; done
  rm -rf "${HOME_DIR:?}"
}
case ${1-} in
  start) start ;; stop) stop ;; status) status ;; failover) failover ;;
  up) up "$2" ;; kill) kill_part "$2" ;;
  freeze) kill -STOP "$(pid "$2")" ;; thaw) kill -CONT "$(pid "$2")" ;;
  sql) sql "$(primary)" "$2" ;;
  *) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
