import type { LinkReport } from '../../core/link/report.ts'
import type { StatusReport } from '../../core/status.ts'
import type { Call } from '../call.ts'
import { type Row, withTone } from './row.ts'

/** What is known of the modem, in the order in which somebody asks. */
const modemText = ({ say }: Call, { modem }: LinkReport): string | undefined => {
  if (modem === undefined) return undefined
  const { operator, technology, quality, roaming, state, sim } = modem
  const words = [
    operator,
    technology,
    quality === undefined ? undefined : `${quality} %`,
    roaming ? say.links.roaming : undefined,
    state,
    sim === 'ok' ? undefined : say.links.sims[sim],
  ]
  return `${modem.model ?? say.links.modem}: ${words.filter((word) => word !== undefined).join(', ')}`
}

/** Over what the device reaches out, its modem, and what went over it. */
export const netRows = (call: Call, { net }: StatusReport): readonly Row[] => {
  const { say } = call
  const { bearer, device, dbm, addresses, data, modem } = net
  const way = device === undefined ? say.links.bearers[bearer] : `${say.links.bearers[bearer]} ${device}`
  const signal = dbm === undefined ? [] : [`${dbm} dBm`]
  const ofModem = modemText(call, net)
  return [
    withTone(
      { label: say.links.network, text: [way, ...signal, ...addresses].join(', ') },
      bearer === 'none' ? 'warn' : undefined,
    ),
    ...(ofModem === undefined
      ? []
      : [withTone({ label: '', text: ofModem }, modem?.sim === 'ok' ? undefined : 'warn')]),
    ...(data === undefined
      ? []
      : [{ label: say.links.data, text: say.links.used(data.usedMb, data.monthlyMb, data.since) }]),
  ]
}
