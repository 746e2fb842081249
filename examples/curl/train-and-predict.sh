#!/usr/bin/env bash
# Trains a project's model, waits until it is ready, and asks it about photos.
set -euo pipefail

usage() {
    cat >&2 <<USAGE
usage: $0 URL TOKEN PROJECT PHOTO…

  URL      where Pupil is, such as http://127.0.0.1:8080
  TOKEN    an access token that may read, write and predict (make one on the page
           Account), or the \`token\` that logging in answers with
  PROJECT  the project's id, with labelled pictures in it
  PHOTO    pictures to ask the new model about

Set PUPIL_TRAIN to train in another way: PUPIL_TRAIN='{"backbone": "efficientnet_lite0"}' $0 …
USAGE
    exit 2
}

[[ $# -ge 4 ]] || usage
url=${1%/} token=$2 project=$3
shift 3
for photo in "$@"; do
    [[ -r $photo ]] || { echo "$photo can't be read" >&2; exit 2; }
done
# shellcheck source=examples/curl/pupil.sh
source "$(dirname "${BASH_SOURCE[0]}")/pupil.sh"

# Photos in one request.
readonly photos_per_request=50

train=${PUPIL_TRAIN:-'{}'}
request POST "/projects/$project/train" <<CONFIG
header = "Content-Type: application/json"
data-raw = $(config_value "$train")
CONFIG
model=$(json 'print(data["id"])' <"$answer")
echo "Training version $(json 'print(data["version"])' <"$answer") …"

while true; do
    request GET "/models/$model" </dev/null
    status=$(json 'print(data["status"])' <"$answer")
    case $status in
    queued | running) sleep 0.3 ;;
    *) break ;;
    esac
done
if [[ $status != ready ]]; then
    echo "Training ended as $status: $(json 'print((data["problem"] or {}).get("detail", ""))' <"$answer")" >&2
    exit 1
fi
json '
low, high = data["accuracy_interval"] or (None, None)
if data["accuracy"] is None:
    print("Ready. There were too few pictures to measure its accuracy.")
else:
    likely = "" if low is None else ", likely {:.0%} to {:.0%}".format(low, high)
    print("Ready in {:.2f} s: {:.1%} right{}.".format(data["train_seconds"] or 0, data["accuracy"], likely))
print()
print("{:<40} {:<24} {:>6}".format("photo", "label", "sure"))' <"$answer"

unreadable=0
while [[ $# -gt 0 ]]; do
    for photo in "${@:1:photos_per_request}"; do file_part "$photo"; done >"$work/parts"
    shift $(($# < photos_per_request ? $# : photos_per_request))
    request POST "/models/$model/predict" <"$work/parts"
    json '
for item in data["items"]:
    if item["label"] is None:
        print("{:<40} cannot be answered: {}".format(item["file_name"], item["problem"]["detail"]))
    else:
        doubt = "  (not sure)" if item["unsure"] else ""
        print("{:<40} {:<24} {:>6.1%}{}".format(item["file_name"], item["label"], item["probability"], doubt))' <"$answer"
    unreadable=$((unreadable + $(json 'print(sum(item["label"] is None for item in data["items"]))' <"$answer")))
done
((unreadable == 0))
