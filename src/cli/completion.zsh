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

# What --drop takes, as the program says it of a wrong word.
_virt_iface_isolating() {
  virt-iface update --drop '?' 2>&1 | sed -n 's/.*what does: \([^;]*\);.*/\1/p' | tr -d ' ' | tr , '\n'
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

# The options of command $1 that take the next word.
_virt_iface_valued() {
  virt-iface $1 --help | sed -nE 's/^  (-. \[ )?(--[a-z-]+)( \])? [^ [].*/\1\2/p' | sed 's/ \[ /\n/'
}

# What of the line says which interfaces there are: into `named` the files, or what names guests; into `before` how many words
# that are no options stand in front of the cursor.
_virt_iface_read_line() {
  local i word plain=() valued=(${(f)"$(_virt_iface_valued $1)"})
  before=0 named=()
  for (( i = 2; i <= $#words; i++ )); do
    word=${(Q)words[i]}
    case $word in
      --connect | --domain) named+=($word ${(Q)words[i + 1]}) ;;
      --connect=* | --domain=* | --all) named+=($word) ;;
    esac
    if (( ${valued[(Ie)$word]} )); then
      (( i++ ))
    elif [[ $word != -* || $word == -[0-9]* ]]; then
      (( i >= CURRENT )) || (( ++before ))
      (( i == CURRENT )) || plain+=($word)
    fi
  done
  (( $#named )) || named=(${^plain}(N.))
}

# Column $1 of the interfaces that the line is about.
_virt_iface_column() {
  (( ! $#named )) || virt-iface list -q --format tsv --columns $1 $named 2>/dev/null </dev/null |
    sed -e 1d -e '/^$/d' | sort -u
}

# A condition; as SEL ($1) a MAC or `all`, too.
_virt_iface_condition() {
  compset -P '*,'
  local key=${PREFIX%%=*}
  if compset -P '*='; then
    compadd -S '' -- ${(f)"$(_virt_iface_column $key)"}
  else
    compadd -S = -- $(_virt_iface_keys) alias target vlan
    [[ $1 != sel ]] || compadd -- all ${(f)"$(_virt_iface_column mac)"}
  fi
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
  local command=apply option=${words[CURRENT - 1]} word before
  local -a commands choices named
  commands=(${(f)"$(virt-iface --help | sed -n '/^Commands/,/^$/s/^  \([a-z]*\)  *\(.*\)/\1:\2/p')"})
  (( CURRENT > 2 )) && [[ ${words[2]} == help || -n ${commands[(r)${words[2]}:*]} ]] && command=${words[2]}
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
  elif [[ $option == --where ]]; then
    _virt_iface_read_line $command
    _virt_iface_condition
  elif [[ $option == --drop ]]; then
    compadd -- $(_virt_iface_isolating)
  elif [[ $option == --columns ]]; then
    compset -P '*,'
    compadd -S '' -- domain position file uri uuid ips $(_virt_iface_keys)
  elif [[ $option == --test ]]; then
    compadd -- prepare started migrate restore release arrive
  elif [[ $command == help ]]; then
    (( CURRENT != 3 )) || _describe command commands
  elif [[ $PREFIX == -* ]]; then
    (( CURRENT != 2 )) || compadd -- --version
    compadd -- $(virt-iface $command --help | grep -o -e '--[a-z][a-z-]*' | sort -u)
  elif (( CURRENT == 2 )); then
    commands+=('help:what a command does')
    _describe command commands
    _files
  else
    _virt_iface_read_line $command
    if [[ $command == (show|update|detach) ]] && (( before == 1 && ! ${words[(I)--where*]} )); then
      _virt_iface_condition sel
    elif [[ $command == update ]]; then
      _virt_iface_setting
      _files
    else
      _files
    fi
  fi
}

_virt-iface "$@"
