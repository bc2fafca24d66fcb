import type { ReasonCode } from '../codes.ts'
import type { EventSeverity } from '../records.ts'
import type { SensorsConfig } from '../sensor-configuration.ts'
import type { Limit } from './limit.ts'
import { type Reading, type Readings, SENSORS, type SensorName, valueIn } from './reading.ts'

/** One thing that may be wrong: what tells of it, and from where on. */
export type Watch = {
  /** In events, as `source`. */
  readonly source: string
  /** Whose value an event tells. */
  readonly sensor?: SensorName
  readonly code: ReasonCode
  /** Of the event at its end, where that is another one. */
  readonly endCode?: ReasonCode
  readonly severity: EventSeverity
  readonly limit: Limit
  readonly value: (readings: Readings) => number | undefined
  /** What is to be told while it is bad. */
  readonly say: (readings: Readings) => string
}

/** A voltage that was too low for a moment may have upset the card: the next minute is not yet calm. */
const FLAG_CALM_MS = 60_000
/** What ends by itself, and may come again with the next reading. */
const FAULT_CALM_MS = 60_000
const FAULT_READINGS = 3

const SECOND_MS = 1000

const held = (at: number, back: number, { holdSeconds }: { readonly holdSeconds: number }): Limit => ({
  at,
  back,
  holdMs: holdSeconds * SECOND_MS,
  calmMs: holdSeconds * SECOND_MS,
})
/** Of what is 1 when it is so. */
const flag = (holdMs: number, calmMs: number): Limit => ({ at: 1, back: 0, holdMs, calmMs })

const wordsOf = (name: SensorName, reading: Reading): string => {
  const value = valueIn(reading)
  if (value === undefined) return ''
  const detail = reading !== undefined && 'detail' in reading ? reading.detail : undefined
  const told = `${Number(value.toFixed(2))} ${SENSORS[name]}`.trimEnd()
  return detail === undefined ? told : `${told}: ${detail}`
}

const isResting = (reading: Reading): boolean => reading !== undefined && 'resting' in reading

const simple = (
  source: SensorName,
  code: ReasonCode,
  severity: EventSeverity,
  limit: Limit,
  label: string,
): Watch => ({
  source,
  sensor: source,
  code,
  severity,
  limit,
  value: (readings) => (isResting(readings[source]) ? undefined : valueIn(readings[source])),
  say: (readings) => `${label} ${wordsOf(source, readings[source])}`.trimEnd(),
})

const told = (watch: Watch, words: string): Watch => ({ ...watch, say: () => words })

const watchesOf = (config: SensorsConfig): readonly Watch[] => {
  const { temperature, supply, battery, fan, storage, memory, load } = config
  return [
    simple(
      'cpu',
      'TEMPERATURE',
      'warning',
      held(temperature.maxC, temperature.backC, temperature),
      'the processor has',
    ),
    told(
      simple('slowed', 'TEMPERATURE', 'warning', flag(temperature.holdSeconds * SECOND_MS, FLAG_CALM_MS), ''),
      'heat makes the processor slower',
    ),
    told(
      simple('undervoltage', 'UNDERVOLTAGE', 'alarm', flag(0, FLAG_CALM_MS), ''),
      'the firmware says that the supply is too low',
    ),
    ...(supply === undefined
      ? []
      : [
          simple(
            'supply',
            'UNDERVOLTAGE',
            'alarm',
            held(supply.minVolts, supply.backVolts, supply),
            'the supply has',
          ),
        ]),
    simple(
      'battery',
      'BATTERY',
      'alarm',
      held(battery.minPercent, battery.backPercent, battery),
      'the battery has',
    ),
    {
      ...told(
        simple('mains', 'MAINS_LOST', 'warning', { at: 0, back: 1, holdMs: 0, calmMs: 0 }, ''),
        'as the charger says',
      ),
      endCode: 'MAINS_BACK',
    },
    simple('fan', 'FAN', 'warning', held(fan.minRpm - 1, fan.minRpm, fan), 'the fan turns at'),
    simple('errors', 'STORAGE', 'alarm', flag(0, 0), 'faults that ext4 counted:'),
    simple(
      'wear',
      'STORAGE',
      'warning',
      { at: storage.maxWearPercent, back: storage.maxWearPercent - 1, holdMs: 0, calmMs: 0 },
      'of its life the eMMC has used up to',
    ),
    told(
      simple('spare', 'STORAGE', 'warning', { at: 2, back: 1, holdMs: 0, calmMs: 0 }, ''),
      'the eMMC has few spare blocks left',
    ),
    simple('card', 'STORAGE', 'alarm', flag(0, 0), 'write and read back:'),
    simple('memory', 'OVERLOAD', 'warning', held(memory.minMb, memory.backMb, memory), 'available memory:'),
    simple(
      'stalled',
      'OVERLOAD',
      'warning',
      held(20, 10, memory),
      'everything waits for memory, of the time:',
    ),
    simple('load', 'OVERLOAD', 'warning', held(load.max, load.back, load), 'load of each processor:'),
  ]
}

const faultOf = (reading: Reading): string | undefined =>
  reading !== undefined && 'fault' in reading ? reading.fault : undefined

/** A sensor that cannot be read, or says nonsense. */
const faultWatch =
  (holdMs: number) =>
  (name: SensorName): Watch => ({
    source: `sensor ${name}`,
    code: 'SENSOR',
    severity: 'warning',
    limit: flag(holdMs, FAULT_CALM_MS),
    value: (readings) => {
      if (readings[name] === undefined) return undefined
      return faultOf(readings[name]) === undefined ? 0 : 1
    },
    say: (readings) => `${name}: ${faultOf(readings[name]) ?? 'it failed a moment ago'}`,
  })

/** Everything that is watched on this board. */
export const sensorWatches = (config: SensorsConfig, hasMainsContact: boolean): readonly Watch[] => {
  const names = Object.keys(SENSORS) as SensorName[]
  const holdMs = (FAULT_READINGS - 1) * config.everySeconds * SECOND_MS
  // A contact knows better than a charger, and one of them is enough to tell of it.
  const watches = watchesOf(config).filter(({ source }) => source !== 'mains' || !hasMainsContact)
  return [...watches, ...names.map(faultWatch(holdMs))]
}
