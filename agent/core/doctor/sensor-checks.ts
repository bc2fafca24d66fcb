import type { Check } from './check.ts'
import { detailOf, hasProblem, ofAgent } from './of-agent.ts'
import { fail, ok, warn } from './told.ts'

/** A Raspberry Pi slows itself down from 80 °C. */
const WARM_C = 70
/** Once may be somebody at work, or the restart of a hub. */
const LOSSES_TOLD = 2

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

const mains = ofAgent((agent, say) => {
  if (hasProblem(agent, 'MAINS_LOST'))
    return [warn(say.power.mainsLost(detailOf(agent, 'MAINS_LOST')), 'MAINS_LOST')]
  return [agent.status.sensors.mains === 1 ? ok(say.power.mains) : undefined]
})

const sensors = ofAgent((agent, say) => {
  if (hasProblem(agent, 'SENSOR')) return [warn(say.sensor(detailOf(agent, 'SENSOR')), 'SENSOR')]
  const count = Object.keys(agent.status.sensors).length
  return [count === 0 ? undefined : ok(say.machine.sensors(count))]
})

/** Problems that a contact of the board tells of. */
const CONTACT_CODES = ['CONTACT', 'TAMPER', 'DOOR', 'EXTERNAL_FAULT', 'EMERGENCY_CONTACT'] as const

const contacts = ofAgent((agent, say) => {
  const told = CONTACT_CODES.filter((code) => hasProblem(agent, code)).map((code) =>
    warn(say.contacts[code](detailOf(agent, code)), code),
  )
  const count = Object.keys(agent.status.inputs).length
  if (told.length > 0) return told
  return [count === 0 ? undefined : ok(say.machine.contacts(count))]
})

const adapters = ofAgent(({ status: { adapters: watched = [] } }, say) => {
  // One that is gone is told by the check of its device.
  const loose = watched.filter(({ present, losses }) => present && losses >= LOSSES_TOLD)
  if (watched.length === 0) return []
  return loose.length === 0
    ? [ok(say.sound.steadyAdapters)]
    : loose.map(({ id, name, losses }) => warn(say.sound.looseAdapter(id, name, losses), 'ADAPTER'))
})

/** What the machine says of itself. */
export const SENSOR_CHECKS: readonly Check[] = [
  {
    group: 'power',
    name: 'power',
    about: 'voltage of the supply, and undervoltage since the machine was started',
    codes: ['UNDERVOLTAGE'],
    run: power,
  },
  { group: 'power', name: 'battery', about: 'charge of the battery', codes: ['BATTERY'], run: battery },
  { group: 'power', name: 'mains', about: 'mains is there', codes: ['MAINS_LOST'], run: mains },
  {
    group: 'temperature',
    name: 'temperature',
    about: 'heat of the processor: warn from 70 °C, and whether it was slowed down by heat',
    codes: ['TEMPERATURE'],
    run: temperature,
  },
  { group: 'temperature', name: 'fan', about: 'the fan turns', codes: ['FAN'], run: fan },
  {
    group: 'board',
    name: 'burden',
    about: 'memory and processor suffice',
    codes: ['OVERLOAD'],
    run: burden,
  },
  { group: 'board', name: 'sensors', about: 'every sensor can be read', codes: ['SENSOR'], run: sensors },
  {
    group: 'board',
    name: 'contacts',
    about: 'contacts can be read, and none says that something is the matter',
    codes: CONTACT_CODES,
    explainedBy: ['contact-lines'],
    run: contacts,
  },
  {
    group: 'board',
    name: 'adapters',
    about: 'sound card and serial adapters stay plugged in',
    codes: ['ADAPTER'],
    run: adapters,
  },
]
