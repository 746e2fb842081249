# shellcheck shell=bash
# What both scripts share; they read it with `source`. Needs curl and python3.
#
# Expects $url (of the server, without /api) and $token. Sets $answer, a file with the body of the last answer, and
# $work, a folder for what is unfinished.

# shellcheck disable=SC2154
: "$url" "$token"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
answer=$work/answer

# A text as a quoted value of a curl configuration file.
config_value() {
    local text=$1
    text=${text//\\/\\\\}
    text=${text//\"/\\\"}
    text=${text//$'\n'/\\n}
    text=${text//$'\r'/\\r}
    text=${text//$'\t'/\\t}
    printf '"%s"' "$text"
}

# The line of a curl configuration file that sends a file as a part named `file`. The path stands in quotes of its own:
# without them curl takes a comma or semicolon in it for syntax.
file_part() {
    local path=$1
    path=${path//\\/\\\\}
    path=${path//\"/\\\"}
    printf 'form = %s\n' "$(config_value "file=@\"$path\"")"
}

# Sends one request: METHOD PATH, more lines of configuration from standard input. Succeeds when the server's answer is
# a success; else says what the server said. curl itself tries again when the server is busy (429, 503) or restarting.
request() {
    local method=$1 path=$2 status
    {
        printf 'url = %s\n' "$(config_value "$url/api$path")"
        printf 'request = %s\n' "$method"
        # In the file and not among the arguments, where everybody on this computer could read it.
        printf 'header = %s\n' "$(config_value "Authorization: Bearer $token")"
        cat
    } >"$work/request"
    : >"$answer"
    status=$(curl --silent --show-error --retry 5 --output "$answer" --write-out '%{http_code}' --config "$work/request") ||
        return 1
    if [[ $status != 2?? ]]; then
        echo "$method $url/api$path: $status $(json 'print(data["detail"])' <"$answer" 2>"$work/unreadable")" >&2
        return 1
    fi
}

# Runs a piece of Python on the JSON in standard input, which it finds as `data`.
json() {
    python3 -c 'import json, sys
data = json.load(sys.stdin)
exec(sys.argv[1])' "$1"
}
