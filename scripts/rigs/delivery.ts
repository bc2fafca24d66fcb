import { parseArgs } from 'node:util'
import { DeliveryRig } from '../../test/rig/delivery.ts'
import { seeded } from '../../test/rig/seeded.ts'

const PER_SECOND = 60
const LONGEST_LIFE_MS = { agent: 9000, broker: 20_000, server: 25_000 }

const { values } = parseArgs({ options: { records: { type: 'string' }, seed: { type: 'string' } } })
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const records = Number(values.records ?? 10_000)
console.log(`${records} records, seed ${seed}`)
await using rig = await DeliveryRig.open({
  records,
  perSecond: PER_SECOND,
  longestLifeMs: LONGEST_LIFE_MS,
  random: seeded(seed),
  onProgress: (line) => console.log(`  ${line}`),
})
const { written, playback, stored, faults, killed, sent, received, seconds } = await rig.run()
console.log(`killed      agent ${killed.agent}, broker ${killed.broker}, record server ${killed.server}`)
console.log(`written     ${written} records by the device: ${playback} playback, ${written - playback} event`)
console.log(`sent        ${sent} copies of records, ${sent - written} of them again`)
console.log(
  `received    ${received.records} copies in ${received.batches} batches, ${received.duplicates} duplicates dropped, ${received.refused} refused`,
)
console.log(`stored      ${stored} records by the province`)
console.log(`took        ${seconds.toFixed(0)} s`)
for (const fault of faults) console.log(`FAULT       ${fault}`)
if (faults.length === 0)
  console.log(
    'The province has every record of the device and a record of every planned occurrence, each once, in one whole chain.',
  )
process.exitCode = faults.length === 0 ? 0 : 1
