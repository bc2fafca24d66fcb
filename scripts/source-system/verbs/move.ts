import { LoaError } from '../../../agent/core/error.ts'
import type { Arguments } from '../arguments.ts'
import { BROKER_HELP, BROKER_OPTIONS, brokerOptions, deviceAddresses } from '../broker-arguments.ts'
import { readKey } from '../keys.ts'
import { type Move, type Mover, moveDocuments } from '../move.ts'
import { openPublisher } from '../publisher.ts'
import type { Io, Verb } from '../verb.ts'

const placeOf = (args: Arguments): Move => {
  const [, province, commune] = /^(\d{2})\/(\d{5})$/.exec(args.required('to')) ?? []
  if (province === undefined || commune === undefined)
    throw new LoaError('USAGE', '--to must be PROVINCE/COMMUNE, like 77/26680')
  const overlapDays = args.number('overlap', { min: 0, max: 366 })
  return { province, commune, ...(overlapDays === undefined ? {} : { overlapDays }) }
}

const fromList = async (file: string | undefined, io: Io): Promise<readonly string[]> =>
  file === undefined
    ? []
    : Buffer.from(await io.read(file))
        .toString('utf8')
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '' && !line.startsWith('#'))

const moversOf = (args: Arguments, listed: readonly string[]): readonly Mover[] => {
  const { devices = [] } = deviceAddresses(args)
  const more = listed.map((line): Mover => {
    const [, province, device] = /^(\d{2})\/([A-Za-z0-9][A-Za-z0-9._-]{0,39})$/.exec(line) ?? []
    if (province === undefined || device === undefined)
      throw new LoaError('USAGE', `a line of --list is PROVINCE/DEVICE, like 75/d-7k2m4q9x, not ${line}`)
    return { province, device }
  })
  if (devices.length + more.length === 0)
    throw new LoaError('USAGE', 'give --device PROVINCE/DEVICE, or --list FILE with one a line')
  return [...devices, ...more]
}

export const move: Verb = {
  name: 'move',
  summary: 'order devices to stand in another commune or province',
  help: `  province move (--device PP/D... | --list FILE|-) --to PP/CCCCC
                (--key F | --bare) [--overlap DAYS]

Publishes for each device a desired with the new place on its topic in the
province where it is now. What its desired asked for besides stays. Exit code 1
if one was left out because its desired is signed by another key.
  --device PP/D   a device where it is now; any number of times
  --list FILE     one PP/D a line; a line with # is a remark
  --to PP/CCCCC   where they are to stand
  --overlap DAYS  in which both places are obeyed, 0 to 366 (30 when absent)
  --key F         one that may sign desired for both places
  --bare          unsigned, for devices with \`signatures: off\`

${BROKER_HELP}`,
  options: {
    ...BROKER_OPTIONS,
    device: { type: 'string', multiple: true },
    list: { type: 'string' },
    to: { type: 'string' },
    overlap: { type: 'string' },
    key: { type: 'string' },
    bare: { type: 'boolean' },
  },
  run: async (args, io) => {
    const file = args.text('key')
    if ((file === undefined) !== args.has('bare'))
      throw new LoaError('USAGE', 'give --key F, or --bare for devices with signatures off')
    const place = placeOf(args)
    const movers = moversOf(args, await fromList(args.text('list'), io))
    const key = file === undefined ? undefined : await readKey(file)
    await using publisher = await openPublisher(brokerOptions(args))
    const now = new Date()
    let faults = 0
    for (const { device, document, fault } of await moveDocuments(publisher, movers, place, {
      now,
      ...(key === undefined ? {} : { key }),
    })) {
      if (document === undefined) {
        faults += 1
        io.note(`province: ${device.province}/${device.device}: ${fault}`)
        continue
      }
      const { topic, rev } = await publisher.publish(document, {
        keys: key === undefined ? [] : [key],
        province: device.province,
      })
      io.out(io.json ? JSON.stringify({ topic, rev }) : `${topic} rev ${rev}`)
    }
    return faults === 0 ? 0 : 1
  },
}
