import { type Code, isCode } from '../core/codes.ts'
import { LoaError, messageOf } from '../core/error.ts'
import type { SlotsInput, UpdateAnswer, UpdateRequest } from '../core/update/slots.ts'
import { MAX_UPDATE_JSON_BYTES, parseUpdateRequest } from '../wire/release.ts'
import { Desk } from './desk.ts'
import type { Disk } from './disk.ts'
import type { Places } from './places.ts'
import { type Judge, stageRelease, tidy } from './stage.ts'
import { applyInput, readState } from './state-file.ts'

const MAX_MESSAGE = 300
/** More than an agent ever has; one that writes requests without end is not served without end. */
const MAX_REQUESTS = 16

export type Updater = {
  readonly places: Places
  readonly disk: Disk
  readonly judge: Judge
  /** ISO 8601. */
  readonly at: () => string
  readonly say: (line: string) => void
}

const NO_ROOM = ['ENOSPC', 'EDQUOT']

const codeOf = (thrown: unknown): Code => {
  if (thrown instanceof LoaError && isCode(thrown.code)) return thrown.code
  const system = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
  const told = messageOf(thrown)
  return NO_ROOM.includes(system) || told.includes('No space left on device') ? 'DISK_FULL' : 'STORAGE'
}

const carryOut = (updater: Updater, desk: Desk, request: UpdateRequest): UpdateAnswer | undefined => {
  const { places, disk, judge, at } = updater
  const { id } = request
  const simple = (input: SlotsInput): UpdateAnswer | undefined => applyInput(places, disk, input).last
  switch (request.op) {
    case 'stage':
      return stageRelease(places, disk, desk, { request: id, judge }).last
    case 'try':
      return simple({ kind: 'try', request: id, before: request.before })
    case 'sick':
      return simple({ kind: 'sick', request: id, reason: request.reason, at: at() })
    case 'commit':
    case 'cancel':
      return simple({ kind: request.op, request: id })
  }
}

const readRequest = (desk: Desk): UpdateRequest | undefined => {
  const bytes = desk.bytes('request.json', MAX_UPDATE_JSON_BYTES)
  return bytes && parseUpdateRequest(bytes)
}

const serve = (updater: Updater, desk: Desk, request: UpdateRequest): void => {
  const { places, disk, say } = updater
  const told = (answer: UpdateAnswer | undefined): void =>
    say([request.op, answer?.result, answer?.code, answer?.message].filter(Boolean).join(': '))
  try {
    told(carryOut(updater, desk, request))
  } catch (thrown) {
    const message = messageOf(thrown).slice(0, MAX_MESSAGE).toWellFormed()
    told(
      applyInput(places, disk, { kind: 'refuse', request: request.id, code: codeOf(thrown), message }).last,
    )
  }
}

/**
 * Carries out what the agent asks, each request once, and what came meanwhile: systemd starts nothing for a request that is
 * written while this runs. @throws when a request cannot be read
 */
export const serveRequests = (updater: Updater): void => {
  const { places, disk } = updater
  using desk = Desk.open(places)
  tidy(places, disk)
  for (let served = 0; desk && served < MAX_REQUESTS; served++) {
    const request = readRequest(desk)
    if (!request || request.id === readState(places).state.last?.request) break
    serve(updater, desk, request)
    tidy(places, disk)
  }
}
