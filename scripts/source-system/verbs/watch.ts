import { BROKER_HELP, BROKER_OPTIONS, brokerOptions, deviceAddresses } from '../broker-arguments.ts'
import { type Monitor, openMonitor } from '../monitor.ts'
import type { DeviceRow } from '../monitor-row.ts'
import { formatTable } from '../monitor-table.ts'
import { type Io, untilStopped, type Verb } from '../verb.ts'

const REDRAW_MS = 1000
const HOME_AND_CLEAR = '\x1b[H\x1b[J'

/** Redraws the table each second, for the age of silent devices grows without a message. */
const follow = async (monitor: () => readonly DeviceRow[], io: Io): Promise<void> => {
  const draw = () => io.out(`${HOME_AND_CLEAR}${formatTable(monitor(), Date.now()).join('\n')}`)
  const timer = setInterval(draw, REDRAW_MS)
  draw()
  await untilStopped(io)
  clearInterval(timer)
}

const plainLine = (row: DeviceRow): string => formatTable([row], Date.now())[1] ?? ''

const onChange = (io: Io) => (row: DeviceRow) => {
  if (io.json) io.out(JSON.stringify(row))
  else if (!io.terminal) io.out(plainLine(row))
}

export const watch: Verb = {
  name: 'watch',
  summary: 'live table of devices',
  help: `  province watch [--device 75/d-1]... [--seconds N]

One row a device: state, health (or its first problem), what plays, what comes
next (! when not everything for it is there yet), clock, unacknowledged records,
age of the last message. TWO BOARDS: a card was copied, and both are on (--json
has their serial numbers). On a terminal the table is redrawn each second;
elsewhere one line a change; --json: JSON Lines.
  --seconds N     end after N seconds

${BROKER_HELP}`,
  options: { ...BROKER_OPTIONS, device: { type: 'string', multiple: true }, seconds: { type: 'string' } },
  run: async (args, io) => {
    const seconds = args.number('seconds', { min: 0, max: 1e6 })
    const stop =
      seconds === undefined ? io.stop : AbortSignal.any([io.stop, AbortSignal.timeout(seconds * 1000)])
    const until = { ...io, stop }
    if (!io.terminal && !io.json) io.out(formatTable([], 0).join(''))
    await using monitor: Monitor = await openMonitor({
      ...brokerOptions(args),
      ...deviceAddresses(args),
      onChange: onChange(io),
    })
    if (io.terminal && !io.json) await follow(monitor.rows, until)
    else await untilStopped(until)
    return 0
  },
}
