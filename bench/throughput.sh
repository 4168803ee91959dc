#!/bin/sh
# How much Orderflow does, how fast and at what price, on servers that are processes of their own on this machine.
#   bench/throughput.sh [part ...]      all parts, or some of: closed http open backlog limits rest start
#   bench/throughput.sh overload        twice the load it can carry; not among all: the application's queue is short then
#   bench/throughput.sh --with FOLDER [closed] [open] [rest] [first]
#                                       Orderflow and the program of that folder in turns (BENCH_TURNS, 2), with ratios; its
#                                       Maven build takes -Dbench.build=TARGET and makes TARGET/peer/peer.jar, and it takes
#                                       its servers and its port from the same variables as Orderflow
#   bench/throughput.sh first           the first 60 s after a start; not among all either
#   bench/throughput.sh readers         orders beside 256 clients that read without a pause; not among all either
# Prints the figures and saves them in target/bench/throughput.json. docs/performance.md says what they mean.
# BENCH_JAVA: the java that runs the application, instead of this one. BENCH_JVM: its options, instead of those of the
# README, -Xmx256m -XX:TieredStopAtLevel=1. BENCH_PEER_JVM: those of the program beside it, instead of -Xmx256m.
# BENCH_EXTRACTED=1: runs the extracted jar. BENCH_WARM_UP: orders before anything is measured, instead of 20000.
# BENCH_RATES: orders a second of the open loops, on a machine for which the usual ones are too much or too little.
exec "$(dirname "$0")/run.sh" Throughput "$@"
