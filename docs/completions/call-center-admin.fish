function __call-center-admin_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __call-center-admin_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __call-center-admin_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __call-center-admin_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __call-center-admin_parse_tokens -S
    set -l unparsed_tokens (__call-center-admin_tokens -pc)
    switch $unparsed_tokens[1]
    case 'call-center-admin'
        __call-center-admin_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'db'
            __call-center-admin_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'backup'
                __call-center-admin_parse_subcommand 0 'database=+' 'jobs=' 'format=' 'rate-limit=' 'json' 'version' 'h/help'
            case 'list'
                __call-center-admin_parse_subcommand 0 'json' 'version' 'h/help'
            case 'show'
                __call-center-admin_parse_subcommand 1 'json' 'version' 'h/help'
            end
        case 'config'
            __call-center-admin_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'show'
                __call-center-admin_parse_subcommand 0 'json' 'version' 'h/help'
            case 'check'
                __call-center-admin_parse_subcommand 0 'json' 'version' 'h/help'
            end
        case 'help'
            __call-center-admin_parse_subcommand -r 1 'version'
        end
    end
end

function __call-center-admin_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __call-center-admin_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __call-center-admin_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __call-center-admin_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__call-center-admin_tokens -p)
    if test -z "$(__call-center-admin_tokens -t)"
        set -l index (count (__call-center-admin_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'call-center-admin' -f
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin" version' -l 'version' -d 'Show the version.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_positional "call-center-admin" -eq 1' -fa 'db' -d 'Back up, list, check and restore databases.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_positional "call-center-admin" -eq 1' -fa 'config' -d 'Show and check the settings.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_positional "call-center-admin" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin db" version' -l 'version' -d 'Show the version.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin db" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_positional "call-center-admin db" -eq 1' -fa 'backup' -d 'Take a backup now.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_positional "call-center-admin db" -eq 1' -fa 'list' -d 'List the backups, newest first.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_positional "call-center-admin db" -eq 1' -fa 'show' -d 'Show one backup: its files, snapshots and verifications.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin db backup"' -l 'database' -d 'A database to back up; may be repeated.' -rfka ''
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin db backup" jobs' -l 'jobs' -d 'Connections that read at the same time.' -rfka ''
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin db backup" format' -l 'format' -d 'sql.gz, sql.zst or custom.' -rfka 'sql.gz sql.zst custom'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin db backup" rate-limit' -l 'rate-limit' -d 'The most to write per second, such as 50MB/s.' -rfka ''
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin db backup" json' -l 'json' -d 'Print the result as JSON.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin db backup" version' -l 'version' -d 'Show the version.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin db backup" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin db list" json' -l 'json' -d 'Print the result as JSON.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin db list" version' -l 'version' -d 'Show the version.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin db list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_positional "call-center-admin db show" -eq 1' -fka '(__call-center-admin_custom_completion ---completion db show -- positional@0 (count (__call-center-admin_tokens -pc)) (__call-center-admin_tokens -tC))'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin db show" json' -l 'json' -d 'Print the result as JSON.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin db show" version' -l 'version' -d 'Show the version.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin db show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin config" version' -l 'version' -d 'Show the version.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin config" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_positional "call-center-admin config" -eq 1' -fa 'show' -d 'Print every setting with its value and source; secrets are redacted.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_positional "call-center-admin config" -eq 1' -fa 'check' -d 'Check the settings: folders, connection, programs.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin config show" json' -l 'json' -d 'Print the result as JSON.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin config show" version' -l 'version' -d 'Show the version.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin config show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin config check" json' -l 'json' -d 'Print the result as JSON.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin config check" version' -l 'version' -d 'Show the version.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin config check" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'call-center-admin' -n '__call-center-admin_should_offer_completions_for_flags_or_options "call-center-admin help" version' -l 'version' -d 'Show the version.'
