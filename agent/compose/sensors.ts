import { sensorWatches } from '../core/sensor/watches.ts'
import type { Condition } from '../services/condition.ts'
import { LineWatch } from '../services/line-watch.ts'
import { SensorWatch } from '../services/sensor-watch.ts'
import type { Ground } from './ground.ts'

const SECOND_MS = 1000

/** What the machine says of itself, and what flows into the loudspeaker lines. */
export function assembleSensors(
  { board, config, outside, clock, state, logger }: Ground,
  condition: Condition,
) {
  const sensors = outside.createSensors(board.sensors, config.paths.state)
  const common = { clock, sensors, facts: state.facts, condition, logger }
  return {
    sensorWatch: new SensorWatch({
      ...common,
      watches: sensorWatches(
        board.sensors,
        board.inputs.some(({ role }) => role === 'mains'),
      ),
      everyMs: board.sensors.everySeconds * SECOND_MS,
    }),
    lineWatch: new LineWatch({
      ...common,
      lines: board.amplifiers.flatMap(({ id, speakerLine }) =>
        speakerLine === undefined ? [] : [{ id, line: speakerLine }],
      ),
    }),
  }
}
