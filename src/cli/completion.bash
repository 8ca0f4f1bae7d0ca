# SPDX-License-Identifier: LGPL-2.1-or-later
# bash completion for virt-iface: everything that it offers comes from the program's own help, and names of
# domains and host interfaces from whoever can be asked.

_virt_iface_commands() {
  virt-iface --help | sed -n '/^Commands/,/^$/s/^  \([a-z]*\) .*/\1/p'
}

# What --drop takes, as the program says it of a wrong word.
_virt_iface_isolating() {
  virt-iface update --drop '?' 2>&1 | sed -n 's/.*what does: \([^;]*\);.*/\1/p' | tr -d ' ' | tr , '\n'
}

_virt_iface_options() {
  virt-iface "$1" --help | grep -o -e '--[a-z][a-z-]*' | sort -u
}

# The words of those that the help lists (a|b|c) behind option $2 of command $1.
_virt_iface_choices() {
  virt-iface "$1" --help | awk -v option="$2" '{
    sub(/ \]/, "")
    for (i = 1; i < NF; i++) if ($i == option && $(i + 1) ~ /^[a-z0-9]+\|[a-z0-9|]+$/) print $(i + 1) }' | tr '|' '\n'
}

# The same for a key: KEY=VALUE.
_virt_iface_values() {
  virt-iface --help-keys | awk -v key="$1" '$1 == key && $NF ~ /^\(/ {
    gsub(/[()]/, "", $NF)
    gsub(/\|/, "\n" key "=", $NF)
    print key "=" $NF }'
}

_virt_iface_keys() {
  virt-iface --help-keys | sed -n '/^Keys/,$s/^  \([^ ]*\) .*/\1=/p'
}

# Offers those lines of stdin that begin with $1, each behind $2. Names come from guests, networks, files and other hosts:
# compgen -W would run what is in them, and so would the line if they were not quoted.
_virt_iface_offer() {
  local line quoted
  while IFS= read -r line; do
    printf -v quoted '%q' "$line"
    [[ $line == "$1"* || $quoted == "$1"* ]] && COMPREPLY+=("${2-}$quoted")
  done
}

# The libvirt that the line names.
_virt_iface_uri() {
  local i
  for ((i = 1; i < ${#words[@]} - 1; i++)); do
    case ${words[i]} in
      --connect) printf '%s' "${words[i + 1]}" ;;
      --connect=*) printf '%s' "${words[i]#*=}" ;;
    esac
  done
}

_virt_iface_domains() {
  local uri
  uri=$(_virt_iface_uri)
  virsh -q ${uri:+-c "$uri"} list --all --name 2>/dev/null </dev/null
}

# The names that a type=… in the word so far can be put on.
_virt_iface_sources() {
  local type uri
  uri=$(_virt_iface_uri)
  type=$(sed -n 's/.*type=\([a-z]*\).*/\1/p' <<<"$1")
  virt-iface sources --type "${type:-macvtap}" ${uri:+--connect "$uri"} 2>/dev/null </dev/null | awk -F '  +' 'NR > 1 { print $2 }'
}

# The options of command $1 that take the next word.
_virt_iface_valued() {
  virt-iface "$1" --help | sed -nE 's/^  (-. \[ )?(--[a-z-]+)( \])? [^ [].*/\1\2/p' | sed 's/ \[ /\n/'
}

# What of the line says which interfaces there are: into `named` the files, or what names guests; into `before` how many words
# that are no options stand in front of the cursor; into `valued` the options of command $1 that take the next word.
_virt_iface_read_line() {
  local i plain=()
  valued=" $(_virt_iface_valued "$1" | tr '\n' ' ') "
  before=0 named=()
  for ((i = 1; i < ${#words[@]}; i++)); do
    case ${words[i]} in
      --connect | --domain) [[ $i -lt $cword || $i -gt $cword ]] && named+=("${words[i]}" "${words[i + 1]-}") ;;
      --connect=* | --domain=* | --all) named+=("${words[i]}") ;;
    esac
    if [[ $valued == *" ${words[i]} "* ]]; then
      ((i++)) || true
    elif [[ ${words[i]} != -* || ${words[i]} == -[0-9]* ]]; then
      ((i >= cword)) || ((++before))
      ((i == cword)) || plain+=("${words[i]}")
    fi
  done
  [[ ${#named[@]} -gt 0 ]] || for i in "${plain[@]}"; do [[ ! -f $i ]] || named+=("$i"); done
}

# Column $1 of the interfaces that the line is about.
_virt_iface_column() {
  [[ ${#named[@]} == 0 ]] || virt-iface list -q --format tsv --columns "$1" "${named[@]}" 2>/dev/null </dev/null |
    sed -e 1d -e '/^$/d' | sort -u
}

# A condition, the last of `KEY=VALUE,KEY=VALUE,…`; as SEL ($2) a MAC or `all`, too.
_virt_iface_condition() {
  local front='' last=$1
  [[ $1 == *,* ]] && front=${1%,*}, && last=${1##*,}
  compopt -o nospace
  case $last in
    *=*) _virt_iface_offer "${last#*=}" "$front${last%%=*}=" < <(_virt_iface_column "${last%%=*}") ;;
    *)
      _virt_iface_offer "$last" "$front" < <(_virt_iface_keys; printf '%s=\n' alias target vlan)
      [[ $2 != sel ]] || _virt_iface_offer "$last" < <(_virt_iface_column mac; echo all)
      ;;
  esac
}

# One KEY=VALUE, $1, behind $2; $3 is where its type=… may stand.
_virt_iface_setting() {
  local last=$1 front=$2 offered=''
  case $last in
    name=* | source=*) _virt_iface_offer "${last#*=}" "$front${last%%=*}=" < <(_virt_iface_sources "$3") ;;
    *=*) offered=$(_virt_iface_values "${last%%=*}") ;;
    *) offered=$(_virt_iface_keys) ;;
  esac
  compopt -o nospace
  [[ -z $offered ]] || mapfile -t COMPREPLY < <(compgen -P "$front" -W "$offered" -- "$last")
}

# What --interface takes: the last of `key=value,key=value,…`.
_virt_iface_interface() {
  local front=''
  [[ $1 == *,* ]] && front=${1%,*},
  _virt_iface_setting "${1##*,}" "$front" "$1"
}

# The last of names by comma: the columns of a table.
_virt_iface_columns() {
  local front=''
  [[ $1 == *,* ]] && front=${1%,*},
  compopt -o nospace
  _virt_iface_offer "${1##*,}" "$front" < <(printf '%s\n' domain position file uri uuid ips; _virt_iface_keys | tr -d =)
}

_virt_iface() {
  local cur prev words cword command=apply choices='' before=0 named=() valued=''
  # = and : belong to our words.
  _get_comp_words_by_ref -n =: cur prev words cword 2>/dev/null || return
  [[ $cword -lt 2 || " help "$(_virt_iface_commands | tr '\n' ' ') != *" ${words[1]} "* ]] || command=${words[1]}
  # --option=value is two words here.
  [[ $cur == --*=* ]] && prev=${cur%%=*} && cur=${cur#*=}
  [[ $prev != --* ]] || choices=$(_virt_iface_choices "$command" "$prev")
  _virt_iface_read_line "$command"
  case $prev in
    --drop) _virt_iface_offer "$cur" < <(_virt_iface_isolating) ;;
    --columns) _virt_iface_columns "$cur" ;;
    --test) _virt_iface_offer "$cur" < <(printf '%s\n' prepare started migrate restore release arrive) ;;
    --where) _virt_iface_condition "$cur" ;;
    --interface) _virt_iface_interface "$cur" ;;
    --domain) _virt_iface_offer "$cur" < <(_virt_iface_domains) ;;
    *)
      if [[ $choices ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$cur")
      elif [[ $valued == *" $prev "* ]]; then
        compopt -o default
      elif [[ $command == help ]]; then
        [[ $cword != 2 ]] || mapfile -t COMPREPLY < <(compgen -W "$(_virt_iface_commands)" -- "$cur")
      elif [[ $cword == 1 && $cur != -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "help $(_virt_iface_commands)" -- "$cur")
        _virt_iface_offer "$cur" < <(compgen -f -- "$cur")
      elif [[ $cur == -* ]]; then
        [[ $cword != 1 ]] || choices=--version
        mapfile -t COMPREPLY < <(compgen -W "$choices $(_virt_iface_options "$command")" -- "$cur")
      elif [[ $command =~ ^(show|update|detach)$ && $before == 1 && " ${words[*]} " != *" --where"* ]]; then
        _virt_iface_condition "$cur" sel
      elif [[ $command == update && $cword -gt 2 ]]; then
        _virt_iface_setting "$cur" '' "${words[*]}"
        _virt_iface_offer "$cur" < <(compgen -f -- "$cur")
      else
        compopt -o default
      fi
      ;;
  esac
  # To readline a word begins behind the last = or :, so what stands before it must not come again.
  local breaks=${COMP_WORDBREAKS//[^=:]/} index
  [[ $breaks ]] || return
  for index in "${!COMPREPLY[@]}"; do
    COMPREPLY[index]=${COMPREPLY[index]#"${cur%"${cur##*["$breaks"]}"}"}
  done
} && complete -F _virt_iface virt-iface
