#!/usr/bin/env bash
# How long each page of the console takes on a running UMS: median and longest of 20, in milliseconds.
# usage: bench/console/measure.sh http://localhost:8080 admin password
set -euo pipefail
url=$1
jar=$(mktemp)
trap 'rm -f "$jar"' EXIT
token=$(curl -s -c "$jar" "$url/console/login" | sed -n 's/.*name="_csrf" value="\([^"]*\)".*/\1/p')
curl -s -o /dev/null -b "$jar" -c "$jar" --data-urlencode "_csrf=$token" --data-urlencode "name=$2" \
  --data-urlencode "password=$3" "$url/console/login"
first() { curl -s -b "$jar" "$url$1" | sed -n "s#.*href=\"\($2[^\"]*\)\".*#\1#p" | head -n "${3:-1}" | tail -n 1 | sed 's/&amp;/\&/g'; }
message=$(first /console/messages /console/messages/0)
group=$(first /console/review /console/review/)
day=$(date -u -d '60 days ago' +%F)
older=$(first /console/messages '/console/messages?q=[^"]*cursor=')
for page in /console /console/figures /console/charts /console/messages "$older" "$message" "$message?view=raw" \
  '/console/messages?status=FAILED' '/console/messages?status=MANUAL_REVIEW' '/console/messages?status=RETRY' \
  '/console/messages?status=CANCELED' '/console/messages?status=ACCEPTED' '/console/messages?client=client3' \
  '/console/messages?client=client3&status=CANCELED' '/console/messages?q=order:500000' \
  '/console/messages?q=customer77@example37.com' '/console/messages?q=busy@example8.com' \
  '/console/messages?q=busy@example8.com&status=FAILED' "/console/messages?from=${day}T00:00&to=${day}T23:59" \
  '/console/messages?q=nobody@example.com' /console/review "$group" /console/inbox /console/loans /console/keys /console/audit; do
  for _ in $(seq 20); do
    curl -s -o /dev/null -b "$jar" -w '%{time_total} %{http_code}\n' "$url$page"
  done | sort -n | awk -v page="$page" '{ t[NR] = $1 * 1000; code = $2 } END { printf "%6.0f %6.0f  %s %s\n", t[int(NR / 2)], t[NR], code, page }'
done
