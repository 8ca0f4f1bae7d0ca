# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Whatever isolates, by the table of keys, is kept or refused on guests that run.

test_what_isolates_is_kept_or_refused() {
  printf '#!/bin/sh\n' | in_host A tee /usr/bin/mm-ctl >/dev/null # midonet's, which libvirt runs
  in_host A chmod +x /usr/bin/mm-ctl
  virsh_on A nwfilter-define /dev/stdin >/dev/null <<<"<filter name='kept'><rule action='drop' direction='out'><mac protocolid='arp'/></rule></filter>"
  python3 "$LAB_HOME/meaning.py" "$(guest_xml s390x NAME)" "$(guest_xml q35 asleep)"
}
