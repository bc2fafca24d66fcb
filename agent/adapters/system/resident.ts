import type { SystemFiles } from './files.ts'

type Process = { readonly parent: number; readonly residentKb: number }

const KIB_PER_MIB = 1024

const number = (status: string, field: string): number =>
  Number(new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0)

const readProcess = (files: SystemFiles, pid: string): Process | undefined => {
  const status = files.text(`/proc/${pid}/status`)
  if (status === undefined) return undefined
  return { parent: number(status, 'PPid'), residentKb: number(status, 'VmRSS') }
}

/** VmRSS of a process and all that descend from it, MiB; from status, which unlike statm does not count in pages of 4 or 16 KiB. */
export const readResidentMb = (files: SystemFiles, pid: number): number => {
  const processes = new Map<number, Process>()
  for (const name of files.list('/proc')) {
    const entry = /^\d+$/.test(name) ? readProcess(files, name) : undefined
    if (entry !== undefined) processes.set(Number(name), entry)
  }
  const descends = (one: number): boolean => {
    let at: number | undefined = one
    // A process that ended meanwhile may leave its number to another: bound the walk.
    for (let step = 0; at !== undefined && step < processes.size; step += 1) {
      if (at === pid) return true
      at = processes.get(at)?.parent
    }
    return false
  }
  let kb = 0
  for (const [one, { residentKb }] of processes) if (descends(one)) kb += residentKb
  return kb / KIB_PER_MIB
}
