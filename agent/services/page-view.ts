import type { DoctorFacts } from '../core/doctor/facts.ts'
import type { PageSign, PageView, RecordView } from '../core/page-view.ts'
import type { Zone } from '../core/schedule/zone.ts'
import type { Raster } from '../core/sign/raster.ts'
import { shrink } from '../core/sign/shrink.ts'
import { isDark, type SignPicture } from '../core/sign/sign-picture.ts'
import type { StatusReport } from '../core/status.ts'
import type { MonoMs } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Outbox, OutboxEntry } from '../ports/state-store.ts'
import type { DocumentIntake } from './document-intake.ts'

export type PageViewParts = {
  readonly clock: Clock
  readonly zone: Zone
  readonly status: () => StatusReport
  /** Costs a look at disk and database. */
  readonly facts: () => DoctorFacts & Required<Pick<DoctorFacts, 'agent'>>
  readonly outbox: Pick<Outbox, 'epoch' | 'lastNumber' | 'history'>
  readonly intake: Pick<DocumentIntake, 'inForce'>
  readonly pictures: () => readonly SignPicture[]
  /** A PNG in base64. */
  readonly pngOf: (raster: Raster) => string
}

/** However many look, the agent is asked no more often. */
const VIEW_MS = 1000
const FACTS_MS = 10_000
/** More of a day cannot be read on a phone. */
const RECORDS = 100
/** A picture takes a few kilobytes then, and a millisecond. */
const LARGEST_PICTURE = { width: 256, height: 128 }

/** Keeps what `make` gave for so long, unless `key` is another. */
const kept = <T>(clock: Clock, forMs: number, key: () => string, make: () => T): (() => T) => {
  let held: { readonly at: MonoMs; readonly key: string; readonly value: T } | undefined
  return () => {
    const [at, now] = [clock.mono(), key()]
    if (held === undefined || held.key !== now || at - held.at >= forMs)
      held = { at, key: now, value: make() }
    return held.value
  }
}

const titlesIn = ({ intake }: PageViewParts): ReadonlyMap<string, string> =>
  new Map(
    intake
      .inForce('schedule')
      .flatMap(({ items }) =>
        items.flatMap(({ id, title }) => (title === undefined ? [] : [[id, title] as const])),
      ),
  )

const dayStart = ({ clock, zone }: PageViewParts) => zone.instant(zone.localTime(clock.wall()).day, 0)

const recordsOf = (parts: PageViewParts): Pick<PageView, 'records' | 'recordsCut'> => {
  const entries = parts.outbox.history(dayStart(parts), RECORDS + 1)
  const titles = titlesIn(parts)
  const titled = (entry: OutboxEntry): RecordView => {
    const title = entry.topic === 'playback' ? titles.get(entry.record.item) : undefined
    return title === undefined ? entry : { ...entry, title }
  }
  return { records: entries.slice(0, RECORDS).map(titled), recordsCut: entries.length > RECORDS }
}

const createSignViews = ({ pictures, pngOf }: PageViewParts): (() => readonly PageSign[]) => {
  const drawn = new WeakMap<Raster, Pick<PageSign, 'picture'>>()
  const draw = (raster: Raster): Pick<PageSign, 'picture'> => {
    const small = shrink(raster, LARGEST_PICTURE.width, LARGEST_PICTURE.height)
    if (isDark(small)) return {}
    const { width, height } = small
    return { picture: { png: pngOf(small), width, height } }
  }
  const picture = (raster: Raster): Pick<PageSign, 'picture'> => {
    const made = drawn.get(raster) ?? draw(raster)
    drawn.set(raster, made)
    return made
  }
  return () =>
    pictures().map(({ raster, ...sign }) => ({
      ...sign,
      ...(raster === undefined || sign.takes === 'text' ? {} : picture(raster)),
    }))
}

/** What the status page shows, gathered at most once a second. */
export const createPageView = (parts: PageViewParts): (() => PageView) => {
  const { clock, outbox, status } = parts
  const slow = kept(clock, FACTS_MS, () => '', parts.facts)
  const records = kept(
    clock,
    Number.POSITIVE_INFINITY,
    () => `${outbox.epoch} ${outbox.lastNumber()} ${dayStart(parts)}`,
    () => recordsOf(parts),
  )
  const signs = createSignViews(parts)
  return kept(
    clock,
    VIEW_MS,
    () => '',
    () => {
      const facts = slow()
      return {
        facts: { ...facts, agent: { ...facts.agent, status: status() } },
        signs: signs(),
        ...records(),
      }
    },
  )
}
