import { type Check, fail, ok, warn } from './check.ts'
import { detailOf, hasProblem, ofAgent } from './of-agent.ts'

/** A Raspberry Pi slows itself down from 80 °C. */
const WARM_C = 70

const temperature = ofAgent((agent, say) => {
  const { cpu, slowedBefore } = agent.status.sensors
  if (hasProblem(agent, 'TEMPERATURE'))
    return [fail(say.temperature.hot(detailOf(agent, 'TEMPERATURE')), 'TEMPERATURE')]
  if (slowedBefore === 1) return [warn(say.temperature.before, 'TEMPERATURE')]
  if (cpu === undefined) return []
  const told = cpu.toFixed(0)
  return [cpu >= WARM_C ? warn(say.temperature.warm(told), 'TEMPERATURE') : ok(say.temperature.fine(told))]
})

const power = ofAgent((agent, say) => {
  const { supply, undervoltage, undervoltageBefore } = agent.status.sensors
  if (hasProblem(agent, 'UNDERVOLTAGE'))
    return [fail(say.power.low(detailOf(agent, 'UNDERVOLTAGE')), 'UNDERVOLTAGE')]
  if (undervoltageBefore === 1) return [warn(say.power.before, 'UNDERVOLTAGE')]
  if (supply !== undefined) return [ok(say.power.fine(supply.toFixed(1)))]
  return [undervoltage === undefined ? undefined : ok(say.power.noFault)]
})

const battery = ofAgent((agent, say) => {
  const { battery: charge } = agent.status.sensors
  if (hasProblem(agent, 'BATTERY')) return [fail(say.power.batteryLow(detailOf(agent, 'BATTERY')), 'BATTERY')]
  return [charge === undefined ? undefined : ok(say.power.battery(charge.toFixed(0)))]
})

const storage = ofAgent((agent, say) => {
  const { errors, wear, card } = agent.status.sensors
  if (hasProblem(agent, 'STORAGE')) return [fail(say.storage.faulty(detailOf(agent, 'STORAGE')), 'STORAGE')]
  if (wear !== undefined) return [ok(say.storage.used(wear.toFixed(0)))]
  return [errors === undefined && card === undefined ? undefined : ok(say.storage.fine)]
})

const burden = ofAgent((agent, say) => {
  const { memory, load } = agent.status.sensors
  if (hasProblem(agent, 'OVERLOAD')) return [warn(say.burden.short(detailOf(agent, 'OVERLOAD')), 'OVERLOAD')]
  if (memory === undefined || load === undefined) return []
  return [ok(say.burden.fine(memory.toFixed(0), load.toFixed(2)))]
})

const fan = ofAgent((agent, say) => {
  const { fan: rpm } = agent.status.sensors
  if (hasProblem(agent, 'FAN')) return [warn(say.fan.still(detailOf(agent, 'FAN')), 'FAN')]
  return [rpm === undefined ? undefined : ok(say.fan.fine(rpm.toFixed(0)))]
})

const sensors = ofAgent((agent, say) => [
  hasProblem(agent, 'SENSOR') ? warn(say.sensor(detailOf(agent, 'SENSOR')), 'SENSOR') : undefined,
])

const lines = ofAgent((agent, say) => [
  hasProblem(agent, 'SPEAKER_LINE')
    ? fail(say.sound.lineSuspect(detailOf(agent, 'SPEAKER_LINE')), 'SPEAKER_LINE')
    : undefined,
  ...Object.entries(agent.status.lines).map(([id, { state, loadPercent }]) => {
    if (state === 'learning') return ok(say.sound.lineLearning(id))
    return state === 'ok' ? ok(say.sound.line(id, loadPercent?.toFixed(0) ?? '')) : undefined
  }),
])

/** What the machine says of itself, and the loudspeaker lines. */
export const SENSOR_CHECKS: readonly Check[] = [
  { group: 'device', name: 'temperature', codes: ['TEMPERATURE'], run: temperature },
  { group: 'device', name: 'power', codes: ['UNDERVOLTAGE'], run: power },
  { group: 'device', name: 'battery', codes: ['BATTERY'], run: battery },
  { group: 'device', name: 'storage', codes: ['STORAGE'], run: storage },
  { group: 'device', name: 'burden', codes: ['OVERLOAD'], run: burden },
  { group: 'device', name: 'fan', codes: ['FAN'], run: fan },
  { group: 'device', name: 'sensors', codes: ['SENSOR'], run: sensors },
  { group: 'sound', name: 'lines', codes: ['SPEAKER_LINE'], run: lines },
]
