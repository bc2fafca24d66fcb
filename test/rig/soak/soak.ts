import { liveDay } from './day.ts'
import { type Reading, read } from './gauges.ts'
import { World } from './world.ts'

export type SoakReport = {
  readonly days: number
  readonly realSeconds: number
  readonly readings: readonly Reading[]
  readonly records: number
  readonly resent: number
  readonly heartbeats: number
  readonly births: number
  readonly chores: number
  readonly results: Readonly<Record<string, number>>
  readonly faults: readonly string[]
}

export type SoakOptions = {
  readonly days: number
  /** Days between two readings. */
  readonly readEvery: number
  readonly onReading?: (reading: Reading) => void
}

/** Lives so many days and says what was left of them. */
export const soak = async ({ days, readEvery, onReading }: SoakOptions): Promise<SoakReport> => {
  const begun = performance.now()
  await using world = await World.open()
  const readings: Reading[] = []
  for (let day = 0; day < days; day += 1) {
    await liveDay(world, day)
    if ((day + 1) % readEvery !== 0) continue
    const reading = await read(day + 1, world.paths.state)
    readings.push(reading)
    onReading?.(reading)
  }
  const { records, resent, heartbeats, births, results, faults } = world.keeper
  return {
    days,
    realSeconds: (performance.now() - begun) / 1000,
    readings,
    records,
    resent,
    heartbeats,
    births,
    chores: world.chores.runs,
    results: Object.fromEntries([...results].toSorted()),
    faults,
  }
}
