import type { AmplifierConfig, InputConfig } from '../core/configuration.ts'
import type { SignConfig } from '../core/sign-configuration.ts'
import { type Fault, fits } from './board-fault.ts'

type Held = {
  readonly amplifiers: readonly Wired[]
  readonly inputs: readonly InputConfig[]
  readonly signs: readonly SignConfig[]
}
type Place = Fault['path']
/** What of an amplifier takes lines. */
type Wired =
  | Pick<Extract<AmplifierConfig, { driver: 'gpiochip' }>, 'driver' | 'chip' | 'line' | 'feedback'>
  | { readonly driver: Exclude<AmplifierConfig['driver'], 'gpiochip'> }
/** Something that the kernel gives to one holder only. */
type Use = { readonly what: 'line' | 'port'; readonly name: string; readonly path: Place }
type Line = { readonly chip: string; readonly line: number }

const lineUse = ({ chip, line }: Line, ...path: Place): Use => ({
  what: 'line',
  name: `${chip} ${line}`,
  path,
})

const amplifierLines = (entry: Wired, index: number): readonly Use[] => {
  if (entry.driver !== 'gpiochip') return []
  const own = lineUse(entry, 'amplifiers', index, 'line')
  return entry.feedback ? [own, lineUse(entry.feedback, 'amplifiers', index, 'feedback', 'line')] : [own]
}

const inputLines = (entry: InputConfig, index: number): readonly Use[] => {
  if (entry.driver !== 'gpiochip') return []
  const own = lineUse(entry, 'inputs', index, 'line')
  return entry.keySwitch ? [own, lineUse(entry.keySwitch, 'inputs', index, 'keySwitch', 'line')] : [own]
}

const signPorts = (entry: SignConfig, index: number): readonly Use[] => {
  if ('port' in entry) return [{ what: 'port', name: entry.port, path: ['signs', index, 'port'] }]
  return 'card' in entry && entry.card !== undefined
    ? [{ what: 'port', name: entry.card.port, path: ['signs', index, 'card', 'port'] }]
    : []
}

const usesOf = ({ amplifiers, inputs, signs }: Held): readonly Use[] => [
  ...amplifiers.flatMap(amplifierLines),
  ...inputs.flatMap(inputLines),
  ...signs.flatMap(signPorts),
]

const twice = (board: Held): readonly Fault[] => {
  const seen = new Set<string>()
  return usesOf(board).flatMap(({ what, name, path }) => {
    const again = seen.has(`${what} ${name}`)
    seen.add(`${what} ${name}`)
    return again ? [{ path, message: `this ${what} is used twice` }] : []
  })
}

const ofEmergencyAlone = ({ inputs }: Held): readonly Fault[] =>
  inputs.flatMap((entry, index) =>
    (['holdMs', 'keySwitch'] as const)
      .filter((key) => entry.role !== 'emergency' && entry[key] !== undefined)
      .map((key) => ({ path: ['inputs', index, key], message: 'is for emergency contacts alone' })),
  )

/** Two holders would show as a relay that cannot be driven, or a sign that cannot be opened. */
export const eachOnce = <T extends Held>() =>
  fits<T>((board) => [...twice(board), ...ofEmergencyAlone(board)])
