#!/usr/bin/env bash
# Sends orders to the cluster of bench/cluster.sh, strikes faults at it, and counts from outside what became of the orders.
#   bench/cluster-drill.sh [faults] [seed]        5 faults, one of each kind, unless said otherwise
# CLUSTER_DURABILITY=local shows what is lost without a standby that commits wait for.
set -euo pipefail
cd "$(dirname "$0")/.."
FAULTS=${1:-5}; RANDOM=${2:-$((RANDOM % 1000))}
BASE_PORT=${CLUSTER_PORT:-29000}; KEY=a-key-of-the-bench-cluster
WORK=$(mktemp -d); SHOPS=4
cluster() { bench/cluster.sh "$@"; }
STARTED=
[ -e target/bench/cluster/primary ] || { cluster start; STARTED=1; }
: > "$WORK/acknowledged"; touch "$WORK/on"
ended() { rm -f "$WORK/on"; wait 2> /dev/null || true; [ -z "$STARTED" ] || cluster stop; rm -rf "$WORK"; }
trap ended EXIT

send() { # REFERENCE PORT: prints the status, and the order's id after a 201
  curl -s -m 12 -w '\n%{http_code}' -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' -H "Idempotency-Key: $1" \
    "http://127.0.0.1:$2/api/orders" -d "{\"customer\":{\"id\":\"c-$((RANDOM % 20))\",\"email\":\"minji@example.com\",\"name\":\"Minji\"},\"currency\":\"KRW\",\"items\":[{\"sku\":\"A\",\"name\":\"A\",\"quantity\":1,\"unitPrice\":\"1000\"}]}" \
    2> /dev/null | sed -n 's/.*"orderId":"\([^"]*\)".*/\1/p;$p' | paste -sd' '
}
shop() { # N: one order after the other, each sent again under its key until it is taken
  local i=0 at=$1 answer
  while [ -e "$WORK/on" ]; do
    i=$((i + 1))
    while :; do
      at=$((at + 1)); answer=$(send "drill-$$-$1-$i" $((BASE_PORT + 1 + at % 2)) || true)
      case $answer in
        *' '201) echo "${answer% *} $(date +%s.%N)" >> "$WORK/acknowledged"; break ;;
        *) [ -e "$WORK/on" ] || return 0; sleep 0.2 ;;
      esac
    done
    sleep 0.1
  done
}
for n in $(seq $SHOPS); do shop "$n" & done

count() { wc -l < "$WORK/acknowledged"; }
until_taken() { # how long until 8 more orders are taken
  local from=$1 goal=$(($(count) + 8))
  while [ "$(count)" -lt $goal ]; do sleep 0.1; [ $SECONDS -lt $((DEADLINE)) ] || { echo "orders do not go on" >&2; exit 1; }; done
  echo "$(date +%s.%N) $from" | awk '{printf "%.1f", $1 - $2}'
}
strike() {
  local since; since=$(date +%s.%N); DEADLINE=$((SECONDS + 180))
  case $1 in
    primary) cluster failover ;;
    broker) PART=kafka-$((RANDOM % 3 + 1)); cluster kill $PART ;;
    instance) PART=app-$((RANDOM % 2 + 1)); cluster kill $PART ;;
    frozen) PART=app-$((RANDOM % 2 + 1)); cluster freeze $PART; sleep 10; cluster thaw $PART ;;
    pooler) cluster kill pgbouncer; cluster up pgbouncer ;;
  esac
  printf '%-10s orders go on after %s s\n' "$1" "$(until_taken "$since")"
  case $1 in broker | instance) cluster up "$PART" ;; esac
}
kinds=(primary broker frozen pooler instance)
DEADLINE=$((SECONDS + 120)); until_taken "$(date +%s.%N)" > /dev/null
for n in $(seq 0 $((FAULTS - 1))); do
  [ "$n" -lt ${#kinds[@]} ] && strike "${kinds[$n]}" || strike "${kinds[$((RANDOM % ${#kinds[@]}))]}"
done
rm -f "$WORK/on"; wait

quiet() { [ "$(cluster sql "select (select count(*) from outbox) + (select count(*) from mail where state = 'QUEUED') + (select count(*) from orders) - (select count(*) from mail)")" = 0 ]; }
for i in $(seq 120); do ! quiet || break; sleep 1; done
cut -d' ' -f1 "$WORK/acknowledged" | sort -u > "$WORK/ids"
cluster sql "select id from orders" | sort > "$WORK/there"
echo "orders acknowledged                $(wc -l < "$WORK/ids")"
echo "acknowledged orders lost           $(comm -23 "$WORK/ids" "$WORK/there" | wc -l)"
echo "orders there twice                 $(cluster sql "select count(*) - count(distinct reference) from orders")"
echo "orders without points              $(cluster sql "select count(*) from orders where not exists (select from point_entry where order_id = orders.id)")"
echo "balances that are wrong            $(cluster sql "select count(*) from point_balance b where balance <> (select sum(points) from point_entry e where e.customer_id = b.customer_id)")"
echo "orders without a mail that is sent $(cluster sql "select count(*) from orders where not exists (select from mail where order_id = orders.id and state = 'SENT')")"
echo "dead letters                       $(cluster sql "select count(*) from dead_letter")"
