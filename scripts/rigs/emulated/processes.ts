const PROGRAMS = { agent: '[d]ist/agent/main.js', playout: '[d]ist/agent/playout/main.js' } as const

/** The two processes of a receiver. */
export type Process = keyof typeof PROGRAMS

/** For a line of shell: the number of that process of the board. */
export const pidOf = (process: Process): string =>
  `$(busybox grep -l '${PROGRAMS[process]}' /proc/[0-9]*/cmdline | busybox cut -d/ -f3)`
