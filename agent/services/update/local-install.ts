import { LoaError } from '../../core/error.ts'
import { isoUtc } from '../../core/time.ts'
import { isOver, type UpdateReport } from '../../core/update/progress.ts'
import { judgeRelease, type Release, type ReleaseFile } from '../../core/update/release.ts'
import { NO_UPDATER, slotsNow } from './slots-now.ts'
import type { Updating, UpdatingParts } from './updating.ts'

/** A release as one file: its JWS, a line feed, and the bytes of the package (docs/updates.md). */
export type LocalRelease = {
  /** Of the whole file. */
  readonly bytes: number
  readonly body: AsyncIterable<Uint8Array>
}

const MAX_RELEASE_BYTES = 65_536
const LINE_FEED = 0x0a
const LOOK_EVERY_MS = 500

/** The first line, and what follows it. @throws INVALID */
async function split(
  body: AsyncIterable<Uint8Array>,
): Promise<{ readonly line: Uint8Array; readonly rest: AsyncGenerator<Uint8Array> }> {
  const pieces = body[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  for (;;) {
    const next = await pieces.next()
    if (next.done === true)
      throw new LoaError('INVALID', 'no release: the file ends before its first line does')
    head = Buffer.concat([head, next.value])
    const at = head.indexOf(LINE_FEED)
    if (at > MAX_RELEASE_BYTES || (at < 0 && head.length > MAX_RELEASE_BYTES))
      throw new LoaError('INVALID', 'no release: its first line is too long')
    if (at >= 0) return { line: head.subarray(0, at), rest: following(head.subarray(at + 1), pieces) }
  }
}

async function* following(first: Uint8Array, pieces: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first
  for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value
}

const accepted = (parts: UpdatingParts, release: Release): ReleaseFile => {
  const slots = slotsNow(parts.desk, parts.version)
  const judged = judgeRelease(release, {
    committed: slots.committed.version,
    refused: slots.refused,
    architecture: parts.architecture,
    now: parts.judgingTime(),
  })
  if (judged.kind === 'refused') throw new LoaError(judged.code, judged.message)
  return judged.file
}

const assertFree = (parts: UpdatingParts, updating: Updating): void => {
  if (parts.desk.running === undefined) throw new LoaError('UNSUPPORTED', NO_UPDATER)
  if (updating.isBusy) throw new LoaError('BUSY', 'another update is under way: see `loa update --status`')
}

/** Takes the bytes, and says each half second how far it is. */
async function* take(
  parts: UpdatingParts,
  {
    version,
    file,
    rest,
  }: { readonly version: string; readonly file: ReleaseFile; readonly rest: AsyncGenerator<Uint8Array> },
  signal: AbortSignal,
): AsyncGenerator<UpdateReport> {
  const { desk, clock } = parts
  let over = false
  const taking = desk.receive(rest).finally(() => {
    over = true
  })
  taking.catch(() => undefined)
  while (!over) {
    const progress = Math.min(100, Math.floor((100 * desk.heldBytes()) / file.bytes))
    yield { by: 'local', state: 'fetching', version, progress }
    await Promise.race([taking, clock.sleep(LOOK_EVERY_MS, signal)])
  }
  await taking
  if (!(await desk.complete(file.sha256)))
    throw new LoaError('BAD_MEDIA', 'the package in the file is not the one that was signed: copy it again')
}

/** How it goes on from there, until it is over or the agent ends for the trial. */
async function* follow(
  { clock }: UpdatingParts,
  updating: Updating,
  signal: AbortSignal,
): AsyncGenerator<UpdateReport> {
  let before = ''
  for (;;) {
    const { report } = updating
    const text = JSON.stringify(report)
    if (text !== before) yield report
    before = text
    if (report.state === 'idle' || isOver(report)) return
    await clock.sleep(LOOK_EVERY_MS, signal)
  }
}

/**
 * Takes a release that somebody gives on the spot, and follows it. Who goes away after it was taken leaves it to the agent.
 * @throws UNSUPPORTED, BUSY; why the release is refused; BAD_MEDIA, DISK_FULL, IO
 */
export async function* installLocal(
  parts: UpdatingParts,
  updating: Updating,
  { bytes, body }: LocalRelease,
  signal: AbortSignal,
): AsyncGenerator<UpdateReport> {
  const { desk, memory, clock, randomHex, hasRoom, openRelease } = parts
  assertFree(parts, updating)
  const reserved = updating.reserve()
  try {
    const { line, rest } = await split(body)
    const release = openRelease(line)
    const file = accepted(parts, release)
    if (bytes !== line.length + 1 + file.bytes)
      throw new LoaError('INVALID', `the file has ${bytes} bytes, not those of its release: copy it again`)
    if (!hasRoom(file.bytes)) throw new LoaError('DISK_FULL', 'no room for the package on the disk')
    await desk.begin(line)
    await desk.discard()
    const { version } = release
    yield* take(parts, { version, file, rest }, signal)
    memory.set('local', { id: `u-${randomHex(4)}`, state: 'waiting', version, at: isoUtc(clock.wall()) })
  } finally {
    reserved[Symbol.dispose]()
  }
  updating.reconsider()
  yield* follow(parts, updating, signal)
}
