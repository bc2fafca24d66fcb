import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { loadBoard } from '../../agent/adapters/config/board-files.ts'
import { checkBootFile } from '../../agent/adapters/config/boot-file.ts'
import { createCode } from '../../agent/core/enrolment/code.ts'
import { LoaError, messageOf } from '../../agent/core/error.ts'
import type { Place } from '../../agent/core/place.ts'
import { createDeviceId } from '../../agent/core/setup/device-id.ts'
import { boardText, NO_BOARD_TEXT } from '../imaging/board-text.ts'
import { bootPartitionOf } from '../imaging/card-plan.ts'
import { putIntoFat } from '../imaging/fat.ts'
import { openAuthority } from '../source-system/mosquitto/authority.ts'
import { type Admission, bootText, type CommonPart } from './boot-text.ts'
import { csvText } from './csv.ts'
import { type Grid, labelFont, labelSheet } from './labels.ts'
import { givenBefore, Ledger } from './ledger.ts'
import type { PlannedDevice } from './rows.ts'

export type Preparation = {
  readonly devices: readonly PlannedDevice[]
  readonly common: CommonPart
  /** A folder that is not there yet. */
  readonly out: string
  readonly ledger: string
  readonly boards: string
  readonly now: Date
  readonly codeDays: number
  readonly grid: Grid
  readonly again: boolean
  /** A folder of the authority that makes certificates now, instead of codes with which they are fetched. */
  readonly authority?: string
  /** A file with public keys of technicians. */
  readonly authorizedKeys?: string
  /** An image of a card, copied for each. */
  readonly image?: string
}

type Named = PlannedDevice & { readonly id: string }
type Card = {
  readonly device: Named
  readonly admission: Admission
  readonly files: ReadonlyMap<string, string>
}

const PRIVATE = 0o600

/** One that was never given out. */
const newId = (place: Place, taken: ReadonlySet<string>): string => {
  for (;;) {
    const id = createDeviceId(place, randomBytes)
    if (!taken.has(id)) return id
  }
}

const named = (devices: readonly PlannedDevice[], taken: Set<string>): readonly Named[] => {
  for (const { id } of devices) if (id !== undefined) taken.add(id)
  return devices.map((device) => {
    const id = device.id ?? newId(device, taken)
    taken.add(id)
    return { ...device, id }
  })
}

const admissionOf = async (id: string, authority: string | undefined): Promise<Admission> => {
  if (authority === undefined) return { code: createCode(randomBytes) }
  const { cert, key } = await (await openAuthority(resolve(authority))).client(id)
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
}

/** Undefined for a board without our image: its card has nothing to read it. */
const boardTextOf = ({ board, row }: PlannedDevice, { boards, image }: Preparation): string | undefined => {
  if (board === 'auto') return NO_BOARD_TEXT
  try {
    return boardText(loadBoard(board, boards))
  } catch (cause) {
    if (image === undefined) return undefined
    throw new LoaError('INVALID', `row ${row}, column board: ${messageOf(cause)}`, { cause })
  }
}

const cardOf = async (device: Named, keys: string | undefined, of: Preparation): Promise<Card> => {
  const admission = await admissionOf(device.id, of.authority)
  const text = bootText(device, of.common, admission)
  checkBootFile(`row ${device.row}: loa.yaml`, text)
  const texts = {
    'loa.yaml': text,
    'board.txt': boardTextOf(device, of),
    authorized_keys: keys,
  }
  const files = new Map<string, string>()
  for (const [name, text] of Object.entries(texts)) if (text !== undefined) files.set(name, text)
  return { device, admission, files }
}

const firstSector = (image: string): Buffer => {
  const sector = Buffer.alloc(512)
  const file = openSync(image, 'r')
  try {
    readSync(file, sector, 0, sector.length, 0)
  } finally {
    closeSync(file)
  }
  return sector
}

const writeImage = (folder: string, image: string, { device, files }: Card): void => {
  const { from } = bootPartitionOf(firstSector(image))
  const copy = join(folder, `${device.id}.img`)
  execFileSync('cp', ['--sparse=always', '--reflink=auto', image, copy])
  chmodSync(copy, PRIVATE)
  for (const [name, text] of files) putIntoFat(copy, from, name, text)
}

const writeCards = (folder: string, cards: readonly Card[], image: string | undefined): void => {
  for (const card of cards) {
    const place = join(folder, 'cards', card.device.id)
    mkdirSync(place, { recursive: true, mode: 0o700 })
    for (const [name, text] of card.files) writeFileSync(join(place, name), text, { mode: PRIVATE })
    if (image === undefined) continue
    mkdirSync(join(folder, 'images'), { recursive: true, mode: 0o700 })
    writeImage(join(folder, 'images'), image, card)
  }
}

const summaryOf = (cards: readonly Card[], expires: string): string =>
  csvText([
    ['id', 'province', 'commune', 'label', 'board', 'certificate', 'code until'],
    ...cards.map(({ device: { id, province, commune, label, board }, admission }) => {
      const byCode = 'code' in admission
      return [id, province, commune, label, board, byCode ? 'by code' : 'on the card', byCode ? expires : '']
    }),
  ])

/** What the province needs to know a receiver by its code; as secret as the codes are. */
const codesOf = (cards: readonly Card[], expires: string): string =>
  csvText([
    ['id', 'province', 'commune', 'code', 'expires'],
    ...cards.flatMap(({ device: { id, province, commune }, admission }) =>
      'code' in admission ? [[id, province, commune, admission.code, expires]] : [],
    ),
  ])

/** As a list, and as `province enrol` keeps them, one file a receiver. */
const writeCodes = (folder: string, cards: readonly Card[], expires: string): void => {
  writeFileSync(join(folder, 'codes.csv'), codesOf(cards, expires), { mode: PRIVATE })
  mkdirSync(join(folder, 'enrol'), { mode: 0o700 })
  for (const { device, admission } of cards) {
    if (!('code' in admission)) continue
    const entry = `${JSON.stringify({ code: admission.code, expires }, undefined, 1)}\n`
    writeFileSync(join(folder, 'enrol', `${device.id}.json`), entry, { mode: PRIVATE })
  }
}

const technicianKeys = (file: string | undefined): string | undefined => {
  if (file === undefined) return undefined
  const text = readFileSync(file, 'utf8')
  if (/PRIVATE KEY/.test(text) || !/^(ssh-|ecdsa-|sk-)\S+ \S+/m.test(text))
    throw new LoaError(
      'CONFIG',
      `${file} is no file of public SSH keys: one a line, as in ~/.ssh/id_ed25519.pub`,
    )
  return text
}

const fill = (folder: string, cards: readonly Card[], of: Preparation): void => {
  const expires = new Date(of.now.getTime() + of.codeDays * 86_400_000).toISOString()
  const labels = cards.map(({ device }) => device)
  writeCards(folder, cards, of.image)
  writeFileSync(join(folder, 'labels.pdf'), labelSheet(labels, of.grid, labelFont()))
  writeFileSync(join(folder, 'summary.csv'), summaryOf(cards, expires))
  if (of.authority === undefined) writeCodes(folder, cards, expires)
}

/**
 * Prepares a card for each receiver of a list: all of them in a new folder, or nothing. An id is never given twice, also not
 * when a run is broken off: it is in the ledger before the folder has its name.
 * @returns the ids, in the order of the list
 * @throws INVALID with rows and columns, CONFIG, IO
 */
export const prepare = async (of: Preparation): Promise<readonly string[]> => {
  if (existsSync(of.out)) throw new LoaError('IO', `${of.out} is there already: name a folder that is not`)
  const keys = technicianKeys(of.authorizedKeys)
  using ledger = new Ledger(of.ledger)
  const before = ledger.read()
  const faults = [...givenBefore(of.devices, before, of.again)]
  if (faults.length > 0) throw new LoaError('INVALID', faults.join('\n'))
  const devices = named(of.devices, new Set(before.map(({ id }) => id)))
  mkdirSync(dirname(of.out), { recursive: true })
  const folder = mkdtempSync(join(dirname(of.out), `.${basename(of.out)}-`))
  try {
    const cards: Card[] = []
    for (const device of devices) cards.push(await cardOf(device, keys, of))
    fill(folder, cards, of)
    const at = of.now.toISOString()
    ledger.add(devices.map(({ id, province, commune, label }) => ({ id, province, commune, label, at })))
    renameSync(folder, of.out)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return devices.map(({ id }) => id)
}
