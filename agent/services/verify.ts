import type { DocumentKind } from '../core/documents.ts'
import type { Envelope } from '../core/envelope.ts'
import { authoriseCommand } from '../core/trust/authorise-command.ts'
import { refused } from '../core/trust/signers.ts'
import type { Claimed, VerifyReport } from '../core/verify-report.ts'
import type { Clock } from '../ports/clock.ts'
import type { Cryptography } from '../ports/crypto.ts'
import type { DocumentCodec } from '../ports/document-codec.ts'
import { type DocumentJudge, type DocumentTopic, type Fault, faultOf } from './document-judge.ts'
import type { TimeKeeper } from './time-keeper.ts'

export type VerifierOptions = {
  readonly judge: DocumentJudge
  readonly codec: DocumentCodec
  readonly crypto: Pick<Cryptography, 'sha256Hex'>
  readonly clock: Clock
  readonly time: Pick<TimeKeeper, 'state' | 'floor'>
  readonly signatures: 'required' | 'off'
  readonly claimed: (payload: Uint8Array) => Claimed
  /** The topic of this device that a document belongs on; undefined for one that is not for it. */
  readonly topicOf: (claimed: Claimed) => DocumentTopic | undefined
  readonly device: string
  /** `province/commune`. */
  readonly deviceArea: string
  readonly boot: string
}

const KINDS: readonly DocumentKind[] = ['schedule', 'alert', 'fresh', 'desired', 'command', 'job', 'trust']
const OPENING_BRACE = 0x7b

type Opened = { readonly kind: DocumentKind; readonly envelope: Envelope }
type Judged = Pick<VerifyReport, 'verdict' | 'code' | 'path' | 'message'>

const refusedAs = ({ code, message, path }: Fault): Judged => ({
  verdict: 'refused',
  code,
  ...(path === undefined ? {} : { path }),
  message,
})

/**
 * What would become of a message if it arrived now on the topic that it belongs on. Whether the id of a command was used
 * before is not judged: whoever asks is not the one who sends it.
 */
export const verifyMessage = (options: VerifierOptions, message: Uint8Array): VerifyReport => {
  const { signatures, crypto, judge } = options
  const opened = open(options, message)
  if ('verdict' in opened) return { signatures, keys: [], ...opened }
  const { kind, envelope } = opened
  const claimed = options.claimed(envelope.payload)
  const document = claimed.area === undefined ? kind : `${claimed.area}/${kind}`
  const held = judge.held(document)
  return {
    ...claimed,
    kind,
    document,
    hash: crypto.sha256Hex(envelope.payload),
    signatures,
    keys: judge.keysOf(kind, envelope, claimed.area),
    ...judged(options, opened, message),
    ...(held === undefined ? {} : { held: { rev: held.rev, hash: held.hash, signers: held.signers } }),
  }
}

/** The envelope names its kind; a bare document names it itself. */
const open = ({ codec, claimed }: VerifierOptions, message: Uint8Array): Opened | Judged => {
  const faults: Partial<Record<DocumentKind, Fault>> = {}
  for (const kind of KINDS) {
    try {
      const envelope = codec.open(kind, message)
      if (envelope.form !== 'bare') return { kind, envelope }
      const own = claimed(envelope.payload).kind
      return own === undefined
        ? { verdict: 'refused', code: 'INVALID', path: 'kind', message: 'names no kind of document' }
        : { kind: own, envelope }
    } catch (error) {
      faults[kind] = faultOf(error)
    }
  }
  const fault = faults[message[0] === OPENING_BRACE ? 'trust' : 'schedule']
  return refusedAs(fault ?? refused('INVALID', 'no kind of document'))
}

const judged = (options: VerifierOptions, { kind, envelope }: Opened, message: Uint8Array): Judged => {
  if (kind === 'command') return command(options, envelope)
  const topic = options.topicOf({ ...options.claimed(envelope.payload), kind })
  if (topic === undefined)
    return { verdict: 'refused', code: 'WRONG_DEVICE', message: 'not for this device or its areas' }
  const { verdict } = options.judge.judge(topic, message)
  return verdict.kind === 'refused' ? refusedAs(verdict) : { verdict: verdict.kind }
}

const command = (options: VerifierOptions, envelope: Envelope): Judged => {
  const { judge, codec, device, deviceArea, boot, clock, time } = options
  const signers = judge.signersOf('command', envelope)
  if (signers.kind === 'refused') return refusedAs(signers)
  try {
    const refusal = authoriseCommand(codec.parse('command', envelope.payload), signers, {
      device,
      deviceArea,
      boot,
      seen: () => false,
      keys: judge.keys,
      clock: time.state,
      time: { now: clock.wall(), floor: time.floor },
    })
    return refusal === undefined ? { verdict: 'accepted' } : refusedAs(refusal)
  } catch (error) {
    return refusedAs(faultOf(error))
  }
}
