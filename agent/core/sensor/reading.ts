/** Every sensor of a machine; its unit stands beside it. */
export const SENSORS = {
  cpu: '°C',
  /** 1 while heat makes the processor slower. */
  slowed: '',
  /** 1 when it did so since the machine was started. */
  slowedBefore: '',
  /** 1 while the firmware says that the supply is too low. */
  undervoltage: '',
  /** 1 when it said so since the machine was started. */
  undervoltageBefore: '',
  supply: 'V',
  current: 'A',
  battery: '%',
  /** 1 while there is mains, as a charger says. */
  mains: '',
  fan: 'rpm',
  /** Faults that ext4 has counted, all its file systems together. */
  errors: '',
  /** Of the life of an eMMC. */
  wear: '%',
  /** Of an eMMC's spare blocks: 1 normal, 2 few, 3 almost none. */
  spare: '',
  /** 1 when what was written to the disk of the state did not come back. */
  card: '',
  /** Available, MiB. */
  memory: 'MB',
  /** Share of the last minute in which everything waited for memory. */
  stalled: '%',
  /** Of the last five minutes, for each processor. */
  load: '',
} as const
export type SensorName = keyof typeof SENSORS

/**
 * What a sensor says: a value, with more words where there are any, or why it cannot be had although it is there or
 * should be. `resting`: it is as it should be at rest, and nothing can be told of it. Undefined: this machine has none.
 */
export type Reading =
  | { readonly value: number; readonly detail?: string; readonly resting?: true }
  | { readonly fault: string }
  | undefined

export type Readings = Readonly<Partial<Record<SensorName, Reading>>>

/** What can be true; a converter that lost its reference says anything. */
const PLAUSIBLE: Readonly<Partial<Record<SensorName, readonly [number, number]>>> = {
  cpu: [-60, 150],
  supply: [-1, 400],
  current: [-1000, 1000],
  battery: [0, 110],
  fan: [0, 100_000],
}

/** Nonsense is a fault. */
export const plausible = (name: SensorName, reading: Reading): Reading => {
  const [least, most] = PLAUSIBLE[name] ?? [0, Number.MAX_SAFE_INTEGER]
  if (reading === undefined || !('value' in reading)) return reading
  const { value } = reading
  return value >= least && value <= most
    ? reading
    : { fault: `it says ${Number(value.toPrecision(6))} ${SENSORS[name]}`.trimEnd() }
}

export const valueIn = (reading: Reading): number | undefined =>
  reading !== undefined && 'value' in reading ? reading.value : undefined

/** What was read with a value, without the words. */
export const valuesOf = (readings: Readings): Readonly<Partial<Record<SensorName, number>>> =>
  Object.fromEntries(
    Object.entries(readings).flatMap(([name, reading]) => {
      const value = valueIn(reading)
      return value === undefined ? [] : [[name, Math.round(value * 1000) / 1000] as const]
    }),
  )
