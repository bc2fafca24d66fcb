import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One line of the log of the virtual DAC: `t` is wall time in seconds, `i` the frame. */
export type DacEvent = {
  readonly t: number
  readonly ev: 'open' | 'start' | 'on' | 'loud' | 'off' | 'xrun' | 'stop' | 'close'
  readonly dac: string
  readonly i: number
}

/** A sound card made of an ALSA plugin: it says to the microsecond when sound leaves it. */
export type VirtualDac = {
  readonly folder: string
  /** What a process needs in its environment, before it loads libasound, to find the devices `dac0`, `vdac0` and so on. */
  readonly env: { readonly ALSA_CONFIG_PATH: string; readonly VDAC_LOG: string }
  events(ev?: DacEvent['ev']): readonly DacEvent[]
  [Symbol.dispose](): void
}

/** What a virtual DAC wrote into `log` so far; a line still being written is left out. */
export const readDacLog = (log: string, ev?: DacEvent['ev']): readonly DacEvent[] => {
  if (!existsSync(log)) return []
  const lines = readFileSync(log, 'utf8').split('\n')
  const whole: DacEvent[] = lines.slice(0, -1).map((line) => JSON.parse(line))
  return ev === undefined ? whole : whole.filter((event) => event.ev === ev)
}

export const buildVirtualDac = (): VirtualDac => {
  const folder = mkdtempSync(join(tmpdir(), 'loa-dac-'))
  execFileSync(join(import.meta.dirname, 'build.sh'), [folder], { stdio: 'pipe' })
  const env = { ALSA_CONFIG_PATH: join(folder, 'asound.conf'), VDAC_LOG: join(folder, 'vdac.jsonl') }
  return {
    folder,
    env,
    events: (ev) => readDacLog(env.VDAC_LOG, ev),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
