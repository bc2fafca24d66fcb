import type { ParseArgsOptionsConfig } from 'node:util'
import { CHECK_GROUPS } from '../core/doctor/check.ts'

/** Every option of every verb; a name means the same wherever it is taken. */
export const OPTIONS = {
  class: { type: 'string' },
  cancel: { type: 'boolean' },
  color: { type: 'string' },
  config: { type: 'string' },
  days: { type: 'string' },
  'dry-run': { type: 'boolean' },
  enrol: { type: 'boolean' },
  follow: { type: 'boolean', short: 'f' },
  force: { type: 'boolean' },
  from: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
  lang: { type: 'string' },
  mode: { type: 'string' },
  move: { type: 'string' },
  out: { type: 'string' },
  only: { type: 'string', multiple: true },
  overlap: { type: 'string' },
  png: { type: 'string' },
  report: { type: 'string' },
  schedule: { type: 'string' },
  seconds: { type: 'string' },
  sign: { type: 'string' },
  since: { type: 'string' },
  size: { type: 'string' },
  status: { type: 'boolean' },
  step: { type: 'boolean' },
  sweep: { type: 'boolean' },
  tone: { type: 'string' },
  unattended: { type: 'boolean' },
  volume: { type: 'string' },
  watch: { type: 'boolean', short: 'w' },
  yes: { type: 'boolean', short: 'y' },
} as const satisfies ParseArgsOptionsConfig

export type OptionName = keyof typeof OPTIONS

/** Taken by every verb. */
export const COMMON_OPTIONS = ['json', 'config', 'lang', 'help'] as const satisfies readonly OptionName[]

/** How an option is written; the value's name is the same in every language. */
export const OPTION_FORMS: Readonly<Record<OptionName, string>> = {
  cancel: '--cancel',
  class: '--class C',
  color: '--color C',
  config: '--config FILE',
  days: '--days N',
  'dry-run': '--dry-run',
  enrol: '--enrol',
  follow: '-f, --follow',
  force: '--force',
  from: '--from N|FILE',
  help: '-h, --help',
  json: '--json',
  lang: '--lang vi|en',
  mode: '--mode M',
  move: '--move PROVINCE/COMMUNE',
  out: '--out FILE',
  only: '--only GROUP[,GROUP]',
  overlap: '--overlap DAYS',
  png: '--png FILE',
  report: '--report FILE',
  schedule: '--schedule FILE',
  seconds: '--seconds N',
  sign: '--sign ID[,ID]',
  since: '--since T',
  size: '--size WxH',
  status: '--status',
  step: '--step',
  sweep: '--sweep',
  tone: '--tone HZ',
  unattended: '--unattended',
  volume: '--volume P',
  watch: '-w, --watch',
  yes: '-y, --yes',
}

/** Options that take one of a few words. */
export const OPTION_VALUES = {
  class: ['normal', 'priority', 'emergency'],
  lang: ['vi', 'en'],
  mode: ['still', 'scroll', 'flip'],
  only: CHECK_GROUPS,
} as const satisfies Readonly<Partial<Record<OptionName, readonly string[]>>>

type Syntax = {
  readonly synopsis: readonly string[]
  readonly options: readonly OptionName[]
  /** Each has its words in the catalogues, in the same order. */
  readonly examples: readonly string[]
}

/** The verbs that work, in the order of the help. */
export const VERBS = {
  run: { synopsis: ['loa run [--config FILE]'], options: [], examples: ['loa run --config ./agent.yaml'] },
  status: {
    synopsis: ['loa status [--watch]'],
    options: ['watch'],
    examples: ['loa status', 'loa status --watch', "loa status --json | jq '.problems'"],
  },
  schedule: {
    synopsis: ['loa schedule [--days N]'],
    options: ['days'],
    examples: ['loa schedule', 'loa schedule --days 7'],
  },
  media: { synopsis: ['loa media'], options: [], examples: ['loa media'] },
  log: {
    synopsis: ['loa log [--follow] [--since T]'],
    options: ['follow', 'since'],
    examples: ['loa log --since 2h', 'loa log --since 2026-11-22T05:00:00+07:00', 'loa log --follow'],
  },
  play: {
    synopsis: [
      'loa play FILE [--volume P] [--seconds N] [--class C]',
      'loa play --tone HZ [--seconds N] [--volume P] [--class C]',
      'loa play --sweep [--seconds N] [--volume P] [--class C]',
    ],
    options: ['tone', 'sweep', 'seconds', 'volume', 'class'],
    examples: [
      'loa play thong-bao.mp3 --volume 50',
      'loa play --tone 440 --seconds 5 --volume 30',
      'loa play --sweep --volume 30',
      'loa play lut.mp3 --class emergency',
    ],
  },
  hear: {
    synopsis: ['loa hear [--volume P]'],
    options: ['volume'],
    examples: ['loa hear', "loa hear --volume 30 --json | jq '.heard'"],
  },
  amp: {
    synopsis: ['loa amp on|off ID [--seconds N]', 'loa amp learn ID', 'loa amp unmute'],
    options: ['seconds'],
    examples: ['loa amp on main --seconds 10', 'loa amp off main', 'loa amp learn main', 'loa amp unmute'],
  },
  sign: {
    synopsis: [
      'loa sign text T [--mode M] [--color C] [--seconds N] [--sign ID]',
      'loa sign image FILE [--seconds N] [--sign ID]',
      'loa sign test [--seconds N] [--sign ID]',
      'loa sign clear',
      'loa sign preview T [--size WxH] [--mode M] [--color C] [--png FILE]',
      'loa sign preview --schedule FILE [--size WxH] [--png FILE]',
    ],
    options: ['mode', 'color', 'seconds', 'sign', 'size', 'png', 'schedule'],
    examples: [
      "loa sign text 'Họp thôn 19:30 tối nay' --mode scroll --seconds 30",
      'loa sign image so-do.png --sign gate',
      'loa sign test',
      "loa sign preview 'Nước lên, sơ tán ngay' --size 128x32",
      'loa sign preview --schedule lich.json --size 320x160 --png lich.png',
    ],
  },
  config: {
    synopsis: ['loa config check [FILE]'],
    options: [],
    examples: ['loa config check /etc/loa/agent.yaml'],
  },
  board: {
    synopsis: ['loa board list', 'loa board detect', 'loa board check NAME|FILE'],
    options: [],
    examples: ['loa board detect', 'loa board check rpi-4b-relay-hat'],
  },
  doctor: {
    synopsis: ['loa doctor [--only GROUP[,GROUP]]'],
    options: ['only'],
    examples: [
      'loa doctor',
      'loa doctor --only sound,amplifier',
      'loa doctor --json | jq \'.checks[] | select(.level != "ok")\'',
    ],
  },
  selftest: {
    synopsis: ['loa selftest [--report FILE] [--unattended]'],
    options: ['report', 'unattended'],
    examples: ['loa selftest', 'loa selftest --report nghiem-thu.html', 'loa selftest --unattended --json'],
  },
  bundle: {
    synopsis: ['loa bundle [--out FILE]'],
    options: ['out'],
    examples: ['loa bundle', 'sudo loa bundle --out /tmp/cho-moi.tar.gz'],
  },
  replay: {
    synopsis: ['loa replay FILE [--from N] [--step]'],
    options: ['from', 'step'],
    examples: ['loa replay cho-moi.tar.gz', 'loa replay cho-moi.tar.gz --step --from 100'],
  },
  setup: {
    synopsis: [
      'loa setup [--yes] [--dry-run] [--force]',
      'loa setup --from FILE [--dry-run] [--force]',
      'loa setup --enrol',
      'loa setup --move PROVINCE/COMMUNE [--overlap DAYS] [--yes] [--dry-run]',
    ],
    options: ['from', 'enrol', 'move', 'overlap', 'yes', 'dry-run', 'force'],
    examples: [
      'sudo loa setup --lang en',
      'sudo loa setup --from /boot/firmware/loa.yaml',
      'loa setup --from loa.yaml --dry-run',
      'sudo loa setup --enrol',
      'sudo loa setup --move 75/26068 --overlap 60',
    ],
  },
  verify: {
    synopsis: ['loa verify FILE|-'],
    options: [],
    examples: ['loa verify schedule.jws', "mosquitto_sub -C 1 -t 'loa/v1/area/75/trust' | loa verify -"],
  },
  update: {
    synopsis: ['loa update FILE', 'loa update --status', 'loa update --cancel'],
    options: ['status', 'cancel'],
    examples: ['loa update loa-agent_1.2.0_arm64.loa', 'loa update --status', 'loa update --cancel'],
  },
  version: { synopsis: ['loa version'], options: [], examples: ['loa version'] },
  help: { synopsis: ['loa help [VERB]'], options: [], examples: ['loa help play'] },
} as const satisfies Readonly<Record<string, Syntax>>

export type VerbName = keyof typeof VERBS
export const isVerb = (name: string): name is VerbName => Object.hasOwn(VERBS, name)
export const syntaxOf = (verb: VerbName): Syntax => VERBS[verb]
