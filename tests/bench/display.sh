# Sourced by scripts that drive the real window: a virtual display of their own, and its end.
# shellcheck shell=bash

scratch=   # folder of this run; removed at its end
pids=()    # everything that was started, in order

# Ends what was started, by process id, the last one first: programs before their display.
end_started() {
  local at
  for ((at = ${#pids[@]} - 1; at >= 0; at--)); do
    kill "${pids[at]}" 2>/dev/null || true
    wait "${pids[at]}" 2>/dev/null || true
  done
  pids=()
  rm -rf "$scratch"
}

# Makes the scratch folder. The caller traps EXIT with something that calls end_started.
make_scratch() { scratch=$(mktemp -d --tmpdir scrim-headless.XXXXXX); }

# Opens a display with a window manager and exports DISPLAY. Needs the scratch folder.
open_display() {
  local number
  mkfifo "$scratch/display"
  Xvfb -displayfd 3 -screen 0 1366x900x24 -nolisten tcp 3>"$scratch/display" >/dev/null 2>"$scratch/xvfb.log" &
  pids+=($!)
  read -r -t 20 number <"$scratch/display" || { echo "Xvfb did not start." >&2; exit 69; }
  export DISPLAY=:$number
  unset WAYLAND_DISPLAY

  openbox >/dev/null 2>"$scratch/openbox.log" &
  pids+=($!)
}

# has_programs FOLDER HINT: whether everything that is driven has been built there.
has_programs() {
  local program
  for program in scrim scrim-agent scrim-window scrim-decode scrim-server scrim-samples; do
    [[ -x $1/$program ]] || { echo "$program is not in $1. Build it first: $2" >&2; return 1; }
  done
}
