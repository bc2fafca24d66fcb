import type { AmplifierConfig } from '../core/configuration.ts'
import type { LineConfig } from '../core/sensor-configuration.ts'
import { type Fault, fits } from './board-fault.ts'

type Written = AmplifierConfig & { readonly leadMs?: number }
type Shared = {
  readonly id: string
  readonly driver: 'shared'
  readonly relay: string
  readonly speakerLine?: LineConfig
}
type Entry = Exclude<Written, { readonly driver: 'shared' }> | Shared
type Amplifiers = {
  readonly amplifiers: readonly Entry[]
  readonly signs: readonly { readonly id: string }[]
}

const isShared = (entry: Entry): entry is Shared => entry.driver === 'shared'

const withoutRelay = ({ amplifiers }: Amplifiers): readonly Fault[] =>
  amplifiers.flatMap((entry, index) =>
    isShared(entry) && !amplifiers.some((other) => other.id === entry.relay && !isShared(other))
      ? [{ path: ['amplifiers', index, 'relay'], message: 'is no amplifier with a relay of its own' }]
      : [],
  )

const leadOfNoTransmitter = ({ amplifiers }: Amplifiers): readonly Fault[] =>
  amplifiers.flatMap((entry, index) =>
    !isShared(entry) && entry.role !== 'transmitter' && entry.leadMs !== undefined
      ? [{ path: ['amplifiers', index, 'leadMs'], message: 'is for transmitters alone; here it is settleMs' }]
      : [],
  )

const unknownSigns = ({ amplifiers, signs }: Amplifiers): readonly Fault[] =>
  amplifiers.flatMap((entry, index) =>
    isShared(entry)
      ? []
      : (entry.signs ?? []).flatMap((id, place) =>
          signs.some((sign) => sign.id === id)
            ? []
            : [{ path: ['amplifiers', index, 'signs', place], message: 'is no sign of this board' }],
        ),
  )

/** What amplifiers say of each other and of signs. */
export const amplifiersFit = <T extends Amplifiers>() =>
  fits<T>((board) => [...withoutRelay(board), ...leadOfNoTransmitter(board), ...unknownSigns(board)])

/** The lead time of a transmitter is its settle time; one that shares a relay has the times of that relay. */
export const completeAmplifiers = (entries: readonly Entry[]): readonly AmplifierConfig[] => {
  const own = entries
    .filter((entry) => !isShared(entry))
    .map(({ leadMs, ...entry }) => ({
      ...entry,
      settleMs: leadMs ?? entry.settleMs,
    }))
  return entries.map((entry): AmplifierConfig => {
    const relay = own.find(({ id }) => id === (isShared(entry) ? entry.relay : entry.id))
    if (relay === undefined) throw new Error(`no relay for ${entry.id}`)
    if (!isShared(entry)) return relay
    const { settleMs, holdMs, minOffMs, maxOnMinutes } = relay
    return { ...entry, settleMs, holdMs, minOffMs, maxOnMinutes }
  })
}
