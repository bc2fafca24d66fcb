import { sign } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Release } from '../../agent/core/update/release.ts'
import { packageOnly, type SlotsInput, type SlotsState, transition } from '../../agent/core/update/slots.ts'
import { parseUpdateRequest } from '../../agent/wire/release.ts'
import type { SigningKey } from '../../scripts/source-system/keys.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const LOOK_EVERY_MS = 100

const base64url = (text: string): string => Buffer.from(text).toString('base64url')

/** The compact JWS of a release. */
export const signRelease = (release: Release, { kid, privateKey }: SigningKey): string => {
  const header = base64url(JSON.stringify({ alg: 'EdDSA', kid, typ: 'loa-release+jws' }))
  const input = `${header}.${base64url(JSON.stringify(release))}`
  return `${input}.${sign(null, Buffer.from(input), privateKey).toString('base64url')}`
}

/** This checkout's build under another version, in a slot. */
const fillSlot = (slot: string, version: string): void => {
  mkdirSync(slot, { recursive: true })
  for (const name of ['dist', 'scripts/loa', 'scripts/jail', 'board-configs'])
    cpSync(join(ROOT, name), join(slot, name), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(slot, 'node_modules'))
  const manifest: object = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  writeFileSync(join(slot, 'package.json'), JSON.stringify({ ...manifest, version }))
}

/**
 * Stands in for the updater and the chooser: keeps to the desk's protocol, unpacks nothing. `b` is committed and holds this
 * checkout as `before`, `a` holds it as `after`, whatever the package is.
 */
export class StandInUpdater implements Disposable {
  readonly store = mkdtempSync(join(tmpdir(), 'loa-slots-'))
  readonly #after: { readonly version: string; readonly sha256: string }
  readonly #timer: NodeJS.Timeout
  #answered = ''
  /** `update` in the agent's state folder, once there is one. */
  desk = ''
  /** Requests that lie there are looked at. */
  answering = true

  constructor(before: string, after: { readonly version: string; readonly sha256: string }) {
    this.#after = after
    fillSlot(join(this.store, 'slots/b'), before)
    fillSlot(join(this.store, 'slots/a'), after.version)
    this.#write({ ...packageOnly(before), committed: { slot: 'b', version: before } })
    this.#point('b')
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS)
  }

  /** The program that systemd starts. */
  get program(): string {
    return join(this.store, 'current/scripts/loa')
  }

  get slots(): SlotsState {
    return JSON.parse(readFileSync(join(this.store, 'slots.json'), 'utf8'))
  }

  /** What the chooser does before each start. */
  choose(): void {
    this.#tell({ kind: 'start', at: new Date().toISOString() })
    this.#point(this.slots.trial?.slot ?? 'b')
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    rmSync(this.store, { recursive: true, force: true })
  }

  #look(): void {
    const file = join(this.desk, 'request.json')
    if (!this.answering || this.desk === '' || !existsSync(file)) return
    const request = parseUpdateRequest(readFileSync(file))
    if (request.id === this.#answered) return
    this.#answered = request.id
    if (request.op === 'stage')
      this.#tell({ kind: 'staged', request: request.id, release: { slot: 'a', ...this.#after } })
    else if (request.op === 'try') this.#tell({ kind: 'try', request: request.id, before: request.before })
    else if (request.op === 'sick')
      this.#tell({ kind: 'sick', request: request.id, reason: request.reason, at: new Date().toISOString() })
    else this.#tell({ kind: request.op, request: request.id })
  }

  #tell(input: SlotsInput): void {
    this.#write(transition(this.slots, input))
  }

  #write(state: SlotsState): void {
    const file = join(this.store, 'slots.json')
    writeFileSync(`${file}.tmp`, JSON.stringify(state))
    renameSync(`${file}.tmp`, file)
  }

  #point(slot: string): void {
    const link = join(this.store, 'current')
    rmSync(link, { force: true })
    symlinkSync(join(this.store, 'slots', slot), link)
  }
}
