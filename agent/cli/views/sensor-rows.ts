import type { SensorName } from '../../core/sensor/reading.ts'
import type { StatusReport } from '../../core/status.ts'
import type { Call } from '../call.ts'

/** Three digits that count are enough to look at. */
const shown = (value: number): string =>
  String(value >= 100 ? Math.round(value) : Number(value.toPrecision(3)))

/** `processor 51.2 °C, memory 312 MB`; empty where there is no sensor. */
export const sensorsListed = ({ say }: Call, { sensors }: StatusReport): string =>
  Object.entries(say.status.sensorValues)
    .flatMap(([name, words]) => {
      const value = sensors[name as SensorName]
      return value === undefined ? [] : [words(shown(value))]
    })
    .join(', ')

/** `main ok (97 %)`; empty where no line is watched. */
export const linesListed = ({ say }: Call, { lines }: StatusReport): string =>
  Object.entries(lines)
    .map(([id, { state, loadPercent, learnedPercent }]) => {
      const percent = loadPercent ?? learnedPercent
      const share = percent === undefined ? '' : ` (${percent} %)`
      return `${id} ${say.lines[state]}${share}`
    })
    .join(', ')
