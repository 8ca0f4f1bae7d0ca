# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Assertions: each ends the test with what was wanted and what was seen.

lab_fail() {
  lab_say "assertion failed: $*"
  exit 1
}

assert_equal() { # $1: wanted, $2: seen, $3: what
  [[ $1 == "$2" ]] || lab_fail "${3:-value}: wanted '$1', saw '$2'"
}
assert_contains() { # $1: text, $2: what it must contain, $3: what
  [[ $1 == *"$2"* ]] || lab_fail "${3:-text}: no '$2' in: $1"
}
assert_lacks() { # $1: text, $2: what it must not contain, $3: what
  [[ $1 != *"$2"* ]] || lab_fail "${3:-text}: '$2' in: $1"
}
# Runs a command that must end with a status, and prints what it said. $1: status, the rest: the command.
assert_status() {
  local wanted=$1 status=0 output
  shift
  output=$("$@" 2>&1) || status=$?
  [[ $status == "$wanted" ]] || lab_fail "'$*' ended with $status, not $wanted: $output"
  printf '%s\n' "$output"
}
assert_sources() { # $1: host, $2: guest, $3: sources with spaces between, the rest: --inactive
  local host=$1 guest=$2 wanted=$3
  shift 3
  assert_equal "$wanted" "$(guest_column "$host" "$guest" source "$@" | xargs)" "sources of $guest on $host $*"
}
# The guest's first interface is a macvtap device over the NIC, in that mode. $1: host, $2: guest, $3: NIC, $4: mode
assert_on_nic() {
  local tap link
  tap=$(guest_column "$1" "$2" target | head -n 1)
  link=$(in_host "$1" ip -o -d link show dev "$tap")
  assert_contains "$link" "$tap@$3:" "device under $tap"
  assert_contains "$link" "macvtap mode ${4:-bridge} " "mode of $tap"
}
# The guest's first interface is a port of the switch, on that VLAN. $1: host, $2: guest, $3: bridge, $4: tag or none
assert_on_ovs() {
  local tap
  tap=$(guest_column "$1" "$2" target | head -n 1)
  assert_contains " $(in_host "$1" ovs-vsctl list-ports "$3" | xargs) " " $tap " "ports of $3"
  assert_equal "${4:-[]} []" "$(in_host "$1" ovs-vsctl get port "$tap" tag trunks | xargs)" "tag and trunks of $tap"
}

# Does a frame sent on the wire to MAC $3 arrive at device $2 of host $1? Prints yes or no.
lab_frame() {
  local sender
  in_wire python3 "$LAB_HOME/frame.py" send wire "$3" &
  sender=$!
  in_host "$1" python3 "$LAB_HOME/frame.py" see "$2" "$3"
  wait "$sender"
}
assert_frame_reaches() { # $1: host, $2: device, $3: MAC
  assert_equal yes "$(lab_frame "$@")" "a frame for $3 at $2 on host $1"
}
assert_no_frame_reaches() { # $1: host, $2: device, $3: MAC
  assert_equal no "$(lab_frame "$@")" "a frame for $3 at $2 on host $1"
}
