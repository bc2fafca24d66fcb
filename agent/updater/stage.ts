import { existsSync, readdirSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import type { Code } from '../core/codes.ts'
import { LoaError } from '../core/error.ts'
import type { EpochMs } from '../core/time.ts'
import { judgeRelease, type Release, type ReleaseFile, type ReleaseKey } from '../core/update/release.ts'
import { freeSlot, type SlotName, type SlotsState } from '../core/update/slots.ts'
import { MAX_UPDATE_JSON_BYTES, openRelease } from '../wire/release.ts'
import type { Desk } from './desk.ts'
import type { Disk } from './disk.ts'
import { folderOf, type Places, unpackedOf } from './places.ts'
import { isRelease, runningPlace } from './slot-files.ts'
import { applyInput, readState } from './state-file.ts'

/** Where a package has the release. */
const IN_PACKAGE = 'usr/lib/loa-agent'
/** Left free for the records of the agent and for the files' own overhead. */
const SPARE_BYTES = 64 * 1_048_576

export type Judge = {
  readonly keys: () => readonly ReleaseKey[]
  readonly verifyEd25519: (publicKeyX: string, data: Uint8Array, signature: Uint8Array) => boolean
  readonly architecture: string
  /** Undefined: the time is not known. */
  readonly now: EpochMs | undefined
}

const refuse = (code: Code, message: string): never => {
  throw new LoaError(code, message)
}

const checkRoom = (places: Places, bytes: number): void => {
  const { bavail, bsize } = statfsSync(places.store)
  const free = bavail * bsize
  if (free < bytes + SPARE_BYTES)
    refuse('DISK_FULL', `${free} bytes are free, ${bytes + SPARE_BYTES} are needed`)
}

type Ordered = { readonly release: Release; readonly file: ReleaseFile }

const readOrder = (desk: Desk, state: SlotsState, judge: Judge): Ordered => {
  const bytes = desk.bytes('release.jws', MAX_UPDATE_JSON_BYTES)
  if (!bytes) throw new LoaError('INVALID', 'the desk has no release.jws')
  const release = openRelease(bytes, judge.keys(), judge.verifyEd25519)
  const { architecture, now } = judge
  const judgement = judgeRelease(release, {
    committed: state.committed.version,
    refused: state.refused,
    architecture,
    ...(now === undefined ? {} : { now }),
  })
  if (judgement.kind === 'refused') throw new LoaError(judgement.code, judgement.message)
  return { release, file: judgement.file }
}

/** The package in root's own place: what was hashed is what is unpacked, whatever the agent does to its file. */
const takeCopy = (places: Places, disk: Disk, desk: Desk, { bytes, sha256 }: ReleaseFile): void => {
  const copied = desk.use('release.deb', bytes, (descriptor) => disk.copy(descriptor, places.copy, bytes))
  if (!copied) throw new LoaError('INVALID', 'the desk has no release.deb')
  if (copied.bytes !== bytes)
    refuse('BAD_MEDIA', `release.deb has ${copied.bytes} bytes, ${bytes} were declared`)
  if (copied.sha256 !== sha256) refuse('BAD_MEDIA', `release.deb has the digest ${copied.sha256}`)
}

/** KiB that it takes when it is unpacked. @throws INVALID when the package is another than was declared */
const installedKib = (places: Places, disk: Disk, { release, file }: Ordered): number => {
  const fields = disk.fields(places.copy)
  const declared = { Package: 'loa-agent', Version: release.version, Architecture: file.arch }
  for (const [name, value] of Object.entries(declared))
    if (fields.get(name) !== value)
      refuse('INVALID', `the package says ${name} ${fields.get(name) ?? '(nothing)'}, not ${value}`)
  return Number(fields.get('Installed-Size') ?? 0)
}

const fillSlot = (places: Places, disk: Disk, slot: SlotName, version: string): void => {
  const unpacked = unpackedOf(places, slot)
  const inPackage = join(unpacked, IN_PACKAGE)
  const folder = folderOf(places, slot)
  disk.makeFolder(unpacked)
  disk.unpack(places.copy, unpacked)
  if (!isRelease(inPackage, version)) refuse('INVALID', 'the package holds no release that could be started')
  disk.syncTree(unpacked)
  disk.rename(inPackage, folder)
  disk.syncFolder(places.slots)
}

/** Whatever a cut left, and slots that nobody needs any more. */
export const tidy = (places: Places, disk: Disk): void => {
  const { committed, staged, trial } = readState(places).state
  const needed = new Set<string>([
    committed.slot,
    staged?.slot ?? '',
    trial?.slot ?? '',
    runningPlace(places),
  ])
  for (const name of existsSync(places.slots) ? readdirSync(places.slots) : [])
    if (!needed.has(name)) disk.remove(join(places.slots, name))
  for (const file of [places.copy, `${places.state}.new`, `${places.current}.new`])
    if (existsSync(file)) disk.remove(file)
}

/**
 * Judges what lies on the desk from the first byte on and unpacks it into the free slot.
 * @throws with the code of a refusal; the slots are then as before
 */
export const stageRelease = (
  places: Places,
  disk: Disk,
  desk: Desk,
  { request, judge }: { readonly request: string; readonly judge: Judge },
): SlotsState => {
  const { state } = readState(places)
  if (state.trial) return refuse('BUSY', `${state.trial.version} is on trial`)
  const ordered = readOrder(desk, state, judge)
  const { release, file } = ordered
  const { staged } = state
  if (staged?.sha256 === file.sha256 && isRelease(folderOf(places, staged.slot), staged.version))
    return applyInput(places, disk, { kind: 'staged', request, release: staged })
  const slot = freeSlot(state, runningPlace(places))
  if (!slot) return refuse('BUSY', 'both slots are needed until the agent has started again')
  if (staged?.slot === slot) applyInput(places, disk, { kind: 'overwrite', slot })
  disk.remove(folderOf(places, slot))
  disk.makeFolder(places.slots)
  checkRoom(places, file.bytes)
  takeCopy(places, disk, desk, file)
  checkRoom(places, installedKib(places, disk, ordered) * 1_024)
  fillSlot(places, disk, slot, release.version)
  const { version } = release
  return applyInput(places, disk, {
    kind: 'staged',
    request,
    release: { slot, version, sha256: file.sha256 },
  })
}
