import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Bench, inMs, itemAt } from './bench.ts'
import { BrokenLine } from './broken-line.ts'
import { canMount } from './can-mount.ts'
import { chainFaults } from './observer.ts'

const LOA = join(import.meta.dirname, '../../scripts/loa')
const NAME = 'broker.tinh.example'
const GONE_MS = 20_000
const PATIENCE_MS = 90_000

/** The names that one process and its children see, in a mount namespace of their own. */
class OwnNames implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'loa-names-'))
  readonly program = join(this.#folder, 'loa')

  constructor() {
    const resolver = join(this.#folder, 'resolv.conf')
    writeFileSync(resolver, 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n')
    this.give(true)
    const mounts = `mount --bind '${this.#hosts}' /etc/hosts && mount --bind '${resolver}' /etc/resolv.conf`
    writeFileSync(
      this.program,
      `#!/bin/sh\nexec unshare --mount sh -c "${mounts} && exec '${LOA}' \\"\\$@\\"" loa "$@"\n`,
    )
    chmodSync(this.program, 0o755)
  }

  get #hosts(): string {
    return join(this.#folder, 'hosts')
  }

  give(known: boolean): void {
    writeFileSync(this.#hosts, `127.0.0.1 localhost\n${known ? `127.0.0.1 ${NAME}\n` : ''}`)
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true })
  }
}

/** The broker's name stops resolving and the connection ends; says how soon all is back once it resolves again. */
export const loseName = async (): Promise<string> => {
  if (!canMount) return 'SKIP: only root may give a process names of its own'
  using names = new OwnNames()
  await using bench = await Bench.open({ program: names.program })
  await using line = await BrokenLine.open(bench.broker.port)
  const { agent, observer } = bench
  agent.configure({ config: { mqtt: { urls: [`mqtt://${NAME}:${line.port}`] } } })
  await agent.start()
  await observer.until('reported', 'there', () => true)
  names.give(false)
  line.cut()
  const { made } = line
  await observer.schedule(1, [
    itemAt('tin', inMs(GONE_MS), {
      parts: [{ sound: 'chime' }],
      late: { policy: 'play', withinSeconds: 120 },
    }),
  ])
  await wait(GONE_MS)
  const { problems } = await agent.status()
  const said = problems.find(({ code }) => code === 'BROKER')?.detail ?? 'nothing'
  if (line.made !== made) throw new Error('it was reached although its name is gone')
  names.give(true)
  const begun = Date.now()
  const { result, reason } = await observer.record('tin', PATIENCE_MS)
  const faults = [
    ...chainFaults(observer.records),
    ...(observer.playbackOf('tin').length === 1 ? [] : ['twice']),
    ...(result === 'completed' ? [] : [`${result} ${reason}`]),
  ]
  if (faults.length > 0) throw new Error(faults.join())
  return `loa status said "${said}"; the record came ${((Date.now() - begun) / 1000).toFixed(1)} s after its return`
}
