# SPDX-License-Identifier: LGPL-2.1-or-later
# fish completion for virt-iface: as completion.bash, everything that it offers comes from the program's own help, and
# names of domains and host interfaces from whoever can be asked.

# What the help lists (a|b|c) behind option $argv[2] of command $argv[1].
function __virt_iface_choices
    virt-iface $argv[1] --help | string replace ' ]' '' |
        string match -rg -- "(?:^| )$(string escape --style=regex -- $argv[2]) ([a-z0-9]+\|[a-z0-9|]+)(?: |\$)" | string split '|'
end

# The same for key $argv[1].
function __virt_iface_values
    virt-iface --help-keys | string match -rg -- "^  $(string escape --style=regex -- $argv[1])  .*\((\S*)\)\$" |
        string split '|'
end

# The keys of an interface, each with what it says.
function __virt_iface_keys
    virt-iface --help-keys | sed -n '/^Keys/,$p' | string replace -rf '^  (\S+) +(.*)' '$1=\t$2'
end

# What --drop takes, as the program says it of a wrong word.
function __virt_iface_isolating
    virt-iface update --drop '?' 2>&1 | string match -rg 'what does: ([^;]*);' | string split ', '
end

# The libvirt that the line names, as words for virt-iface or virsh.
function __virt_iface_libvirt
    set -l words (commandline -opc)
    for i in (seq 2 (count $words))
        switch $words[$i]
            case --connect
                printf '%s\n' --connect $words[(math $i + 1)]
            case '--connect=*'
                printf '%s\n' --connect (string replace -- --connect= '' $words[$i])
        end
    end
end

# Those of the words $argv[2..] that are no options of command $argv[1], nor values of one.
function __virt_iface_plain
    set -l valued (virt-iface $argv[1] --help | string match -rg '^  (?:(-.) \[ )?(--[a-z-]+)(?: \])? [^ \[]')
    set -l skipped no
    for word in $argv[2..]
        if test $skipped = yes
            set skipped no
        else if contains -- $word $valued
            set skipped yes
        else if not string match -qr '^-[^0-9]' -- $word
            printf '%s\n' $word
        end
    end
end

# What of the line says which interfaces there are: what names guests, or the files.
function __virt_iface_named
    set -l words (commandline -op)
    set -l named
    for i in (seq 2 (count $words))
        switch $words[$i]
            case --connect --domain
                set -a named $words[$i] $words[(math $i + 1)]
            case '--connect=*' '--domain=*' --all
                set -a named $words[$i]
        end
    end
    set -q named[1]; or set named (for file in (__virt_iface_plain $argv[1] $words[3..]); test -f $file; and echo $file; end)
    set -q named[1]; and printf '%s\n' $named
end

# Column $argv[2] of the interfaces that the line is about; $argv[1] is its command.
function __virt_iface_column
    set -l named (__virt_iface_named $argv[1])
    set -q named[1]; and virt-iface list -q --format tsv --columns $argv[2] $named 2>/dev/null </dev/null |
        sed -e 1d -e '/^$/d' | sort -u
end

# A condition, the last of `KEY=VALUE,KEY=VALUE,…` in $argv[2]; as SEL ($argv[3]) a MAC or `all`, too.
function __virt_iface_condition
    set -l before (string match -rg '^(.*,)' -- $argv[2])
    set -l key (string match -rg '^(?:.*,)?([^=,]+)=[^,]*$' -- $argv[2])
    set -l found
    if set -q key[1]
        set found "$before$key="(__virt_iface_column $argv[1] $key)
    else
        set found "$before"(__virt_iface_keys) "$before"{alias,target,vlan}=
        test "$argv[3]" = sel; and set -a found all (__virt_iface_column $argv[1] mac)
    end
    set -q found[1]; and printf '%s\n' $found
end

# The names that a type=… in the word so far can be put on.
function __virt_iface_sources
    set -l type (string match -rg 'type=([a-z]+)' -- $argv[1]) macvtap
    virt-iface sources --type $type[1] (__virt_iface_libvirt) 2>/dev/null </dev/null | awk -F '  +' 'NR > 1 { print $2 }'
end

# One KEY=VALUE, $argv[1]; $argv[2] is all that stands before it in the same word.
function __virt_iface_setting
    set -l key (string match -rg '^([^=]+)=' -- $argv[1])
    switch "$key"
        case ''
            __virt_iface_keys
        case name source
            printf "$key=%s\n" (__virt_iface_sources "$argv[2]")
        case '*'
            printf "$key=%s\n" (__virt_iface_values $key)
    end
end

# All that fits where the cursor is, each line a whole word.
function __virt_iface_offer
    set -l words (commandline -opc)
    set -l token (commandline -ct)
    set -l commands (virt-iface --help | sed -n '/^Commands/,/^$/p' | string replace -rf '^  ([a-z]+) +(.*)' '$1\t$2')
    set -l command apply
    contains -- "$words[2]" help (string replace -r '\t.*' '' -- $commands); and set command $words[2]
    set -l option $words[-1]
    set -l front ''
    if string match -qr '^--[a-z-]+=' -- $token
        set option (string replace -r '=.*' '' -- $token)
        set front $option=
        set token (string replace -r '^[^=]*=' '' -- $token)
    end
    set -l choices
    string match -q -- '--*' $option; and set choices (__virt_iface_choices $command $option)
    if set -q choices[1]
        printf "$front%s\n" $choices
    else if test "$option" = --interface
        set -l before (string match -rg '^(.*,)' -- $token)
        printf "$front$before%s\n" (__virt_iface_setting (string replace -r '^.*,' '' -- $token) $token)
    else if test "$option" = --domain
        printf "$front%s\n" (virsh -q (__virt_iface_libvirt) list --all --name 2>/dev/null </dev/null)
    else if test "$option" = --where
        set -l found (__virt_iface_condition $command $token)
        set -q found[1]; and printf '%s\n' $front$found
    else if test "$option" = --drop
        printf "$front%s\n" (__virt_iface_isolating)
    else if test "$option" = --columns
        set -l before (string match -rg '^(.*,)' -- $token)
        printf "$front$before%s\n" domain position file uri uuid ips (__virt_iface_keys | string replace '=' '')
    else if test "$option" = --test
        printf '%s\n' prepare started migrate restore release arrive
    else if test "$command" = help
        test (count $words) = 2; and printf '%s\n' $commands
    else if string match -q -- '-*' $token
        test (count $words) = 1; and echo --version
        virt-iface $command --help | string match -rag -- '(--[a-z][a-z-]*)' | sort -u
    else
        test (count $words) = 1; and printf '%s\n' $commands help\t'what a command does'
        if contains -- $command show update detach; and not string match -q -- '--where*' $words
            and test (count (__virt_iface_plain $command $words[3..])) = 0; and test (count $words) -gt 1
            __virt_iface_condition $command $token sel
        else
            test "$command" = update; and __virt_iface_setting $token
            __fish_complete_path $token
        end
    end
end

complete -c virt-iface -f -a '(__virt_iface_offer)'
