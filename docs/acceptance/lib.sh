# shellcheck shell=bash
# Sourced by the acceptance scripts beside it. `check "point" command...` runs a command in the repository's
# root and prints one row of a table; the script ends with 1 when any of them failed.

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
make --silent setup-dev </dev/null >&2 || exit 1
PATH="$PWD/.venv/bin:$PATH"

failures=0
checks=0

_cell() { printf '%s' "$1" | tr -d '\r' | tr '\n\t' '  ' | sed 's/|/\\|/g'; }

check() {
  local point=$1 output status=0 last
  shift
  checks=$((checks + 1))
  output=$("$@" 2>&1 </dev/null) || status=$?
  last=$(printf '%s\n' "$output" | grep -v '^[[:space:]]*$' | tail -n 1)
  if [ "$status" -ne 0 ]; then
    failures=$((failures + 1))
    last="FAILED (exit $status): $last"
    printf '%s\n' "$output" >&2
  fi
  printf '| %s | `%s` | %s |\n' "$(_cell "$point")" "$(_cell "$*")" "$(_cell "$last")"
}

# Both call the `ask` of the script: `refused EXIT_CODE WORDS ...` and `answered WORDS ...`, the words among the output.
refused() {
  local want=$1 said=$2 status=0 output
  shift 2
  output=$(ask "$@" 2>&1) || status=$?
  printf '%s\n' "$output" | tail -n 2
  [ "$status" -eq "$want" ] && grep -qF -- "$said" <<<"$output"
}

answered() {
  local said=$1 output
  shift
  output=$(ask "$@") || return 1
  printf '%s\n' "$output" | head -n 1
  grep -qF -- "$said" <<<"$output"
}
export -f refused answered

_finish() {
  local status=$?
  printf '\n%d checks, %d failed\n' "$checks" "$failures"
  if [ "$status" -eq 0 ] && { [ "$failures" -gt 0 ] || [ "$checks" -eq 0 ]; }; then status=1; fi
  exit "$status"
}
trap _finish EXIT

printf '| point | command | last line |\n|---|---|---|\n'
