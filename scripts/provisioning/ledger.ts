import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { LoaError } from '../../agent/core/error.ts'
import { csvText, readCsv } from './csv.ts'
import type { PlannedDevice } from './rows.ts'

export type Provisioned = {
  readonly id: string
  readonly province: string
  readonly commune: string
  readonly label: string
  readonly at: string
}

const HEADING = ['id', 'province', 'commune', 'label', 'at']

/** Everything that was ever given out, one line each; nothing is taken out of it. One run at a time has it. */
export class Ledger implements Disposable {
  readonly #file: string
  readonly #lock: string

  /** @throws CONFLICT while another run has it */
  constructor(file: string) {
    this.#file = file
    this.#lock = `${file}.lock`
    mkdirSync(dirname(file), { recursive: true })
    try {
      closeSync(openSync(this.#lock, 'wx'))
    } catch (cause) {
      throw new LoaError(
        'IO',
        `${file} is in use by another run, or one was broken off: when none is running, remove ${this.#lock}`,
        { cause },
      )
    }
  }

  read(): readonly Provisioned[] {
    if (!existsSync(this.#file)) return []
    const [, ...rows] = readCsv(readFileSync(this.#file, 'utf8'))
    return rows.map(({ fields }) => {
      const [id = '', province = '', commune = '', label = '', at = ''] = fields
      return { id, province, commune, label, at }
    })
  }

  /** On the disk when it returns. */
  add(all: readonly Provisioned[]): void {
    const rows = all.map(({ id, province, commune, label, at }) => [id, province, commune, label, at])
    const isNew = !existsSync(this.#file)
    const text = csvText(isNew ? [HEADING, ...rows] : rows)
    const file = openSync(this.#file, 'a', 0o600)
    try {
      writeSync(file, isNew ? text : text.slice(1))
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.#lock, { force: true })
  }
}

/** What of a list was given out before. `again`: that is meant. */
export function* givenBefore(
  devices: readonly PlannedDevice[],
  before: readonly Provisioned[],
  again: boolean,
): Generator<string> {
  for (const { row, province, commune, label, id } of devices) {
    const same = before.find(
      (each) => each.province === province && each.commune === commune && each.label === label,
    )
    if (id === undefined && same !== undefined && !again)
      yield `row ${row}, column label: ${JSON.stringify(label)} has a card since ${same.at.slice(0, 10)}, ${same.id}; write that id to make it anew, or --again for a second receiver there`
    const known = before.find((each) => each.id === id)
    if (known !== undefined && known.province !== province)
      yield `row ${row}, column id: ${id} was given out in province ${known.province}`
  }
}
