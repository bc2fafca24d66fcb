import { LoaError } from '../../agent/core/error.ts'
import { describeAudio, itemAt, scheduleDocument } from '../source-system/schedule.ts'
import { AREA, DEVICE } from './device-files.ts'
import { acceptedRevision, isArmed, refusalsOf } from './device-news.ts'
import type { DemoFolder } from './folder.ts'
import { SIGN_TEXT, speakNotice } from './notice.ts'
import type { Screen } from './screen.ts'
import type { Stage } from './stage.ts'
import { clockTime } from './wall.ts'

export const ITEM = 'hop-thon'
const DOCUMENT = `${AREA}/schedule`
/** Time to fetch, to check and to watch the relay. */
const LEAD_MS = 12_000
const SOON_MS = 20_000
/** A slow board takes a while for the last words to leave and to be written down. */
const AFTER_MS = 15_000

/** What the demo ordered, known before anything of it happens. */
export type Ordered = { readonly planned: Date; readonly seconds: number; readonly revision: number }

/** Waits for one thing; says in words what did not happen. */
const expect = async (what: string, happening: Promise<unknown>): Promise<void> => {
  try {
    await happening
  } catch (cause) {
    throw new LoaError('LATE', what, { cause })
  }
}

/** Speaks, describes, signs and publishes the notice. */
export const publishNotice = async (folder: DemoFolder, stage: Stage, screen: Screen): Promise<Ordered> => {
  const { province } = stage
  const file = await speakNotice(folder.province)
  const audio = await describeAudio(file, {
    origins: [province.content.origin],
    contentDirectory: province.contentDirectory,
  })
  screen.tell(
    'province',
    `notice spoken by espeak-ng: ${audio.seconds.toFixed(1)} s of MP3, ${audio.bytes} bytes`,
  )
  const now = Date.now()
  const planned = new Date(Math.ceil((now + LEAD_MS) / 1000) * 1000)
  const item = itemAt({ id: ITEM, title: 'Họp thôn', at: planned, chime: true, audio, text: SIGN_TEXT })
  const document = scheduleDocument(AREA, [item], new Date(now))
  const key = province.keys.communes.get(AREA)
  await province.publisher.publish(document, { keys: key === undefined ? [] : [key] })
  screen.tell('province', `published ${DOCUMENT}: ${ITEM} at ${clockTime(planned)}, key ${key?.kid}`)
  return { planned, seconds: audio.seconds, revision: document.rev }
}

/** Resolves when the notice was accepted, fetched, played, recorded and acknowledged. @throws LATE with what did not happen */
export const watchNotice = async ({ planned, seconds, revision }: Ordered, stage: Stage): Promise<void> => {
  const { province, trace } = stage
  const bodies = () => province.monitor.bodies(DEVICE.id)
  const untilPlanned = planned.getTime() - Date.now()
  await expect(
    'the agent did not accept the schedule',
    province.monitor.until(() => {
      const [refusal] = refusalsOf(bodies(), DOCUMENT)
      if (refusal !== undefined) throw new Error(refusal)
      return acceptedRevision(bodies(), DOCUMENT) === revision || undefined
    }, SOON_MS),
  )
  await expect(
    'the notice was not fetched and checked in time',
    province.monitor.until(() => isArmed(bodies(), ITEM) || undefined, Math.max(1000, untilPlanned)),
  )
  await expect(
    'the amplifier relay did not close',
    trace.until((events) => events.find((each) => each.kind === 'relay' && each.on), untilPlanned + SOON_MS),
  )
  await expect(
    'no playback record arrived',
    province.records.until(
      (ledger) => ledger.playback(DEVICE.id).find(({ item }) => item === ITEM),
      planned.getTime() - Date.now() + seconds * 1000 + AFTER_MS,
    ),
  )
  await expect(
    'the acknowledgement did not empty the outbox of the agent',
    stage.untilStatus(() => stage.latest.status?.outbox === 0 || undefined, AFTER_MS),
  )
  await expect(
    'the amplifier relay did not open again',
    trace.until(
      (events) => events.findLast((each) => each.kind === 'relay')?.on === false || undefined,
      AFTER_MS,
    ),
  )
}
