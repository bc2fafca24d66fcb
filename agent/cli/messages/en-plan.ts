import type { LogWords, MediaWords, ScheduleWords } from './plan-words.ts'

export const enSchedule: ScheduleWords = {
  empty: (from, until) => `Nothing is planned from ${from} until ${until}.`,
  time: 'TIME',
  length: 'LENGTH',
  class: 'CLASS',
  area: 'AREA',
  note: 'PLAYS',
  item: 'ITEM',
  signOnly: 'signs only',
  ready: 'yes',
  waiting: 'NOT YET',
  refused: 'NO',
  day: (items, refused, conflicts) =>
    `${items} item${items === 1 ? '' : 's'}${refused === 0 ? '' : `, ${refused} will not play`}${conflicts === 0 ? '' : `, ${conflicts} at the same time`}`,
  conflicts: {
    first: (item) => `conflicts with ${item}: this one goes first`,
    waits: (item, time) => `conflicts with ${item}: waits until ${time}`,
    joins: (item, time) => `conflicts with ${item}: joined at ${time}, its beginning is lost`,
    resumed: (item, time) => `conflicts with ${item}: cut at ${time}, goes on afterwards`,
    restarted: (item, time) => `conflicts with ${item}: cut at ${time}, begins anew afterwards`,
    dropped: (item, time) => `conflicts with ${item}: cut at ${time}, the rest is dropped`,
    missed: (item, time) => `conflicts with ${item}: MISSED, it may not begin as late as ${time}`,
  },
}

export const enMedia: MediaWords = {
  total: (present, wanted, usedMb, quotaMb) =>
    `${present} of ${wanted} files ready, ${usedMb} of ${quotaMb} MB used`,
  file: 'FILE',
  format: 'FORMAT',
  size: 'SIZE',
  held: 'HELD',
  state: 'STATE',
  needed: 'NEEDED',
  waits: (until) => `waits until ${until}, to save data`,
  speed: (kibPerSecond, left) => `${kibPerSecond} KiB/s, ${left} left`,
}

export const enLog: LogWords = {
  empty: 'No records.',
  played: (seconds) => `${seconds} s`,
  lost: 'the agent stopped; waiting for it to come back (Ctrl-C ends)',
  back: 'the agent is back',
}
