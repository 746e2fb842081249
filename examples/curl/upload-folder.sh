#!/usr/bin/env bash
# Uploads a folder of pictures in which every sub-folder is a label: FOLDER/cat/1.jpg, FOLDER/dog/2.png, …
# Run it again after an interruption: the server recognises what it has.
set -euo pipefail

usage() {
    cat >&2 <<USAGE
usage: $0 URL TOKEN PROJECT FOLDER

  URL      where Pupil is, such as http://127.0.0.1:8080
  TOKEN    an access token that may read and write (make one on the page
           Account), or the \`token\` that logging in answers with
  PROJECT  the project's id
  FOLDER   holds a sub-folder per label, with its pictures in it

Exits with 1 when a file was rejected or a request failed.
USAGE
    exit 2
}

[[ $# -eq 4 ]] || usage
url=${1%/} token=$2 project=$3 folder=${4%/}
[[ -d $folder ]] || { echo "$folder is not a folder" >&2; exit 2; }
# shellcheck source=examples/curl/pupil.sh
source "$(dirname "${BASH_SOURCE[0]}")/pupil.sh"

# Small enough that progress shows and a failure costs little.
readonly files_per_request=50 bytes_per_request=$((64 << 20))
shopt -s nullglob nocasematch
stored=0 duplicates=0 rejected=0 skipped=0

# Sends the files of $batch under $label.
send() {
    local file
    [[ ${#batch[@]} -gt 0 ]] || return 0
    {
        printf 'form-string = %s\n' "$(config_value "label=$label")"
        for file in "${batch[@]}"; do file_part "$file"; done
    } >"$work/parts"
    if ! request POST "/projects/$project/images" <"$work/parts"; then
        echo "The upload ended early: $stored stored, $duplicates duplicates, $rejected rejected before that." >&2
        exit 1
    fi
    local counts
    counts=$(json 'print(data["stored"], data["duplicates"], data["rejected"])' <"$answer")
    read -r new known bad <<<"$counts"
    echo "$label: $new stored, $known duplicates, $bad rejected"
    json '
for item in data["items"]:
    if item["outcome"] == "rejected":
        print("  rejected: {}: {}".format(item["file_name"], item["problem"]["detail"]))
    elif item.get("kept_label_id"):
        print("  {} is there already under another label, and keeps that".format(item["file_name"]))' <"$answer"
    stored=$((stored + new)) duplicates=$((duplicates + known)) rejected=$((rejected + bad))
    batch=() batch_bytes=0
}

for label_folder in "$folder"/*/; do
    label=$(basename "$label_folder")
    batch=() batch_bytes=0
    for file in "$label_folder"*; do
        if [[ ! -f $file || ! $file =~ \.(jpe?g|jfif|png|webp|gif|bmp|tiff?|hei[cf]|avif)$ ]]; then
            echo "  skipped: $file is not named like a picture"
            skipped=$((skipped + 1))
            continue
        fi
        bytes=$(wc -c <"$file")
        if ((${#batch[@]} == files_per_request || batch_bytes + bytes > bytes_per_request)); then send; fi
        batch+=("$file") batch_bytes=$((batch_bytes + bytes))
    done
    send
done

echo "total: $stored stored, $duplicates duplicates, $rejected rejected, $skipped skipped"
if ((stored + duplicates + rejected == 0)); then
    echo "$folder has no sub-folder with pictures in it" >&2
    exit 1
fi
((rejected == 0))
