#compdef virt-iface
# SPDX-License-Identifier: LGPL-2.1-or-later
# zsh completion for virt-iface: as completion.bash, everything that it offers comes from the program's own help, and
# names of domains and host interfaces from whoever can be asked.

# What the help lists (a|b|c) behind option $2 of command $1.
_virt_iface_choices() {
  virt-iface $1 --help | awk -v option=$2 '{
    sub(/ \]/, "")
    for (i = 1; i < NF; i++) if ($i == option && $(i + 1) ~ /^[a-z0-9]+\|[a-z0-9|]+$/) print $(i + 1) }' | tr '|' '\n'
}

# The same for key $1.
_virt_iface_values() {
  virt-iface --help-keys | awk -v key=$1 '$1 == key && $NF ~ /^\(/ { gsub(/[()]/, "", $NF); print $NF }' | tr '|' '\n'
}

_virt_iface_keys() {
  virt-iface --help-keys | sed -n '/^Keys/,$s/^  \([^ ]*\) .*/\1/p'
}

# The libvirt that the line names, as words for virt-iface or virsh.
_virt_iface_libvirt() {
  local at=${words[(I)--connect]} word=${words[(R)--connect=*]}
  if (( at && at < CURRENT )); then
    reply=(--connect ${(Q)words[at + 1]})
  else
    reply=(${word:+--connect} ${word:+${(Q)word#*=}})
  fi
}

_virt_iface_domains() {
  local reply
  _virt_iface_libvirt
  compadd -- ${(f)"$(virsh -q $reply list --all --name 2>/dev/null </dev/null)"}
}

# The names that a type=… in the word so far can be put on.
_virt_iface_sources() {
  local reply type=macvtap
  [[ $1 =~ 'type=([a-z]+)' ]] && type=$match[1]
  _virt_iface_libvirt
  compadd -- ${(f)"$(virt-iface sources --type $type $reply 2>/dev/null </dev/null | awk -F '  +' 'NR > 1 { print $2 }')"}
}

# One KEY=VALUE.
_virt_iface_setting() {
  local all=$PREFIX key=${PREFIX%%=*}
  if ! compset -P '*='; then
    compadd -S = -- $(_virt_iface_keys)
  elif [[ $key == (name|source) ]]; then
    _virt_iface_sources $IPREFIX
  else
    compadd -- $(_virt_iface_values $key)
  fi
}

_virt-iface() {
  local command=apply option=${words[CURRENT - 1]} word
  local -a commands choices
  commands=(${(f)"$(virt-iface --help | sed -n '/^Commands/,/^$/s/^  \([a-z]*\)  *\(.*\)/\1:\2/p')"})
  (( CURRENT > 2 )) && [[ -n ${commands[(r)${words[2]}:*]} ]] && command=${words[2]}
  if [[ $PREFIX == --*=* ]]; then
    option=${PREFIX%%=*}
    compset -P '--[a-z-]#='
  fi
  [[ $option == --* ]] && choices=($(_virt_iface_choices $command $option))
  if (( $#choices )); then
    compadd -- $choices
  elif [[ $option == --interface ]]; then
    compset -P '*,'
    _virt_iface_setting
  elif [[ $option == --domain ]]; then
    _virt_iface_domains
  elif [[ $PREFIX == -* ]]; then
    compadd -- $(virt-iface $command --help | grep -o -e '--[a-z][a-z-]*' | sort -u)
  elif (( CURRENT == 2 )); then
    _describe command commands
    _files
  elif [[ $command == update ]] && (( CURRENT > 3 )); then
    _virt_iface_setting
    _files
  else
    _files
  fi
}

_virt-iface "$@"
