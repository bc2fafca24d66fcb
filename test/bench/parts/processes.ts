import { readdirSync, readFileSync } from 'node:fs'

const read = (pid: number | string, file: string): string | undefined => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    // The process ended.
    return undefined
  }
}

/** The process and all that descend from it. */
export const familyOf = (pid: number): readonly number[] => [
  pid,
  ...(read(pid, `task/${pid}/children`) ?? '').split(' ').filter(Boolean).map(Number).flatMap(familyOf),
]

/** What a process is in the agent. */
export const roleOf = (pid: number): string => {
  const words = (read(pid, 'cmdline') ?? '').split('\0')
  if (words.some((word) => word.endsWith('playout/main.js'))) return 'playout'
  return words.some((word) => word.endsWith('agent/main.js'))
    ? 'agent'
    : (read(pid, 'comm')?.trim() ?? 'gone')
}

/** Proportional set size, all of it and what of it is in no file, MiB. @see proc_pid_smaps(5), smaps_rollup */
export type Memory = { readonly pss: number; readonly anonymous: number }

export const memoryOf = (pid: number): Memory | undefined => {
  const text = read(pid, 'smaps_rollup')
  if (text === undefined || text === '') return undefined
  const mib = (field: string): number =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0) / 1024
  return { pss: mib('Pss'), anonymous: mib('Pss_Anon') }
}

const cpuMs = (pid: number, user: number, system: number): number => {
  const fields = read(pid, 'stat')?.split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[user] ?? 0) + Number(fields[system] ?? 0)) * 10
}

/** Milliseconds of CPU a process has used, in steps of 10. */
export const cpuMsOf = (pid: number): number => cpuMs(pid, 11, 12)

/** The same of its children that have ended. */
export const endedChildrenCpuMsOf = (pid: number): number => cpuMs(pid, 13, 14)

/**
 * CPU time of all threads of a process, in ms, as the scheduler counts it: a process that wakes with the clock's ticks is
 * counted wrongly by them.
 */
export const scheduledMsOf = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`).reduce((sum, task) => {
    const [ns = '0'] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')
    return sum + Number(ns) / 1e6
  }, 0)

/** How many processes of that name there are that are none of these. */
export const othersNamed = (name: string, ours: readonly number[]): number =>
  readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && !ours.includes(Number(pid)) && read(pid, 'comm')?.trim() === name,
  ).length
