# Generated from agent/cli/syntax.ts by scripts/reference.ts.
_loa() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  local verb='' operands=0 options='' words='' files='' index
  case $before in
    --class) mapfile -t COMPREPLY < <(compgen -W 'normal priority emergency' -- "$word"); return ;;
    --lang) mapfile -t COMPREPLY < <(compgen -W 'vi en' -- "$word"); return ;;
    --mode) mapfile -t COMPREPLY < <(compgen -W 'still scroll flip' -- "$word"); return ;;
    --only) mapfile -t COMPREPLY < <(compgen -W 'identity versions unit board power temperature storage clock network dns broker subscriptions trust content media decoder sound amplifier sign outbox' -- "$word"); return ;;
    --config | --from | --out | --png | --report | --schedule) mapfile -t COMPREPLY < <(compgen -f -- "$word"); compopt -o filenames 2>/dev/null; return ;;
    --class | --color | --config | --days | --from | --lang | --mode | --move | --out | --only | --overlap | --png | --report | --schedule | --seconds | --sign | --since | --size | --tone | --volume) return ;;
  esac
  for ((index = 1; index < COMP_CWORD; index++)); do
    case ${COMP_WORDS[index]} in
      --class | --color | --config | --days | --from | --lang | --mode | --move | --out | --only | --overlap | --png | --report | --schedule | --seconds | --sign | --since | --size | --tone | --volume) ((index++)) ;;
      -*) ;;
      *) if [[ -z $verb ]]; then verb=${COMP_WORDS[index]}; else ((operands++)); fi ;;
    esac
  done
  case $verb in
    '') options='--json --config --lang --help' words='run status schedule media log play hear amp sign config board doctor selftest bundle replay setup verify update version help' ;;
    run) options='--json --config --lang --help' words='' files= ;;
    status) options='--watch --json --config --lang --help' words='' files= ;;
    schedule) options='--days --json --config --lang --help' words='' files= ;;
    media) options='--json --config --lang --help' words='' files= ;;
    log) options='--follow --since --json --config --lang --help' words='' files= ;;
    play) options='--tone --sweep --seconds --volume --class --json --config --lang --help' words='' files=1 ;;
    hear) options='--volume --json --config --lang --help' words='' files= ;;
    amp) options='--seconds --json --config --lang --help' words='on off learn unmute' files= ;;
    sign) options='--mode --color --seconds --sign --size --png --schedule --json --config --lang --help' words='text image test clear preview' files=1 ;;
    config) options='--json --config --lang --help' words='check' files=1 ;;
    board) options='--json --config --lang --help' words='list detect check' files=1 ;;
    doctor) options='--only --json --config --lang --help' words='' files= ;;
    selftest) options='--report --unattended --json --config --lang --help' words='' files= ;;
    bundle) options='--out --json --config --lang --help' words='' files= ;;
    replay) options='--from --step --json --config --lang --help' words='' files=1 ;;
    setup) options='--from --enrol --move --overlap --yes --dry-run --force --json --config --lang --help' words='' files=1 ;;
    verify) options='--json --config --lang --help' words='' files=1 ;;
    update) options='--status --cancel --json --config --lang --help' words='' files=1 ;;
    version) options='--json --config --lang --help' words='' files= ;;
    help) options='--json --config --lang --help' words='run status schedule media log play hear amp sign config board doctor selftest bundle replay setup verify update version help' files= ;;
  esac
  if [[ $word == -* ]]; then words=$options files=''; elif ((operands)); then words=''; fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  if [[ -n $files ]]; then
    mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$word")
    compopt -o filenames 2>/dev/null
  fi
}
complete -F _loa loa
