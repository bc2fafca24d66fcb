import { type Item, tierOfArea } from '../schedule/item.ts'
import type { EpochMs } from '../time.ts'
import type { AlertEntry } from './book.ts'

const ALERT_VOLUME = 100

/** One sounding of an alert as an item of the plan: it may begin until the next is due, or until the alert is over. */
export const alertItem = ({ alert, document, area, rev, until }: AlertEntry, planned: EpochMs): Item => {
  const untilOver = Math.max(0, (until - planned) / 1000)
  const period = alert.repeatEverySeconds ?? Number.POSITIVE_INFINITY
  const [headline] = [alert.headline['vi'], ...Object.values(alert.headline)]
  return {
    id: alert.id,
    title: headline,
    document,
    area,
    rev,
    expires: undefined,
    timing: { kind: 'at', at: planned },
    class: 'emergency',
    tier: tierOfArea(area),
    language: 'vi',
    // Without parts it is the siren that sounds: never an item of pages alone.
    parts: alert.parts?.length ? alert.parts : [{ sound: 'siren-wail' }],
    repeat: { times: 1, gapSeconds: 0 },
    maxSeconds: undefined,
    volume: alert.volume ?? ALERT_VOLUME,
    order: 0,
    late: { policy: 'play', withinSeconds: Math.min(period, untilOver) },
    onPreempt: 'drop',
    amplifiers: undefined,
    sign: undefined,
  }
}
