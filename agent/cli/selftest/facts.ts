import type { ClockState } from '../../core/records.ts'
import { NO_KEY, type SelftestStep, type SignedReport, type StepKind } from '../../core/selftest/report.ts'
import { SIGN_PROOFS, type SignProof } from '../../core/sign/proof.ts'
import type { Messages } from '../messages/messages.ts'

type Facts = SelftestStep['facts']

const textOf = (value: Facts[string] | undefined): string | undefined =>
  value === undefined ? undefined : String(value)

const percentOf = (value: Facts[string] | undefined): string | undefined =>
  typeof value === 'number' ? String(Math.round(100 * value)) : undefined

/** Milliseconds as people read them. */
const msOf = (value: Facts[string] | undefined): string | undefined =>
  typeof value === 'number' ? String(Math.round(value * 10) / 10) : undefined

/** Words of one fact, when it is there. */
const told = (value: string | undefined, words: (text: string) => string): readonly string[] =>
  value === undefined ? [] : [words(value)]

const CLOCK_STATES: readonly ClockState[] = ['synced', 'held', 'stale', 'unset']

type Tell = (facts: Facts, say: Messages) => readonly string[]

const sound: Tell = (facts, { selftest }) => [
  ...told(textOf(facts['volume']), selftest.facts.volume),
  ...told(percentOf(facts['heard']), selftest.facts.heard),
]

const TELL: Readonly<Record<StepKind, Tell>> = {
  amplifier: (facts, { selftest: { facts: words } }) => {
    const closed = msOf(facts['closedMs'])
    if (closed === undefined) return []
    const contact = facts['readBack'] === true ? words.contact : words.noContact
    const opened = msOf(facts['openedMs'])
    return [words.relay(closed, opened), ...(opened === undefined ? [] : [contact])]
  },
  sweep: (facts, say) => [
    ...told(textOf(facts['seconds']), (seconds) =>
      say.selftest.facts.sweep(String(facts['fromHz']), String(facts['toHz']), seconds),
    ),
    ...sound(facts, say),
  ],
  siren: (facts, say) => [...told(textOf(facts['seconds']), say.selftest.facts.siren), ...sound(facts, say)],
  pilot: sound,
  sign: (facts, { selftest, proofs }) => {
    const proof = SIGN_PROOFS.find((each: SignProof) => each === facts['proof'])
    return [
      ...told(textOf(facts['width']), (width) => selftest.facts.size(width, String(facts['height']))),
      ...(proof === undefined ? [] : [proofs[proof]]),
    ]
  },
  broker: (facts, { selftest }) => [
    ...told(msOf(facts['ackMs']), selftest.facts.ack),
    ...told(msOf(facts['seenMs']), selftest.facts.seen),
  ],
  clock: (facts, { selftest, clocks }) => {
    const state = CLOCK_STATES.find((each) => each === facts['state'])
    return [
      ...(state === undefined ? [] : [clocks[state]]),
      ...told(msOf(facts['offsetMs']), selftest.facts.offset),
    ]
  },
}

/** Who signed, or why nobody did. */
export const signatureWords = ({ signature, unsigned = '' }: SignedReport, { selftest }: Messages): string =>
  signature === undefined
    ? selftest.unsigned(unsigned === NO_KEY ? selftest.noKey : unsigned)
    : selftest.signed(signature.alg)

/** What was measured in a step, and what is wrong with it, in words. */
export const factsOf = (step: SelftestStep, say: Messages): string =>
  [
    ...(step.code === undefined ? [] : [`${step.code} - ${say.codes[step.code]}`]),
    ...(step.message === undefined ? [] : [step.message]),
    ...TELL[step.step](step.facts, say),
  ].join('; ')
