import type { RefusalCode } from '../../core/codes.ts'
import type { Command } from '../../core/documents.ts'
import type { Envelope } from '../../core/envelope.ts'
import { LoaError } from '../../core/error.ts'
import { authoriseCommand } from '../../core/trust/authorise-command.ts'
import type { KeySet } from '../../core/trust/key-set.ts'
import { type Refusal, refused, type Signers } from '../../core/trust/signers.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Cryptography } from '../../ports/crypto.ts'
import type { Logger } from '../../ports/logger.ts'
import type { Refusals } from '../refusals.ts'
import type { TimeKeeper } from '../time-keeper.ts'
import { TokenBucket } from '../token-bucket.ts'
import { verifySignatures } from '../verify-signatures.ts'
import type { Replies } from './replies.ts'
import { SeenCommands } from './seen-commands.ts'

export type CommandIntakeOptions = {
  readonly codec: {
    /** @throws TOO_LARGE, BAD_SIGNATURE, INVALID */
    readonly open: (message: Uint8Array) => Envelope
    /** @throws INVALID with a path */
    readonly parse: (payload: Uint8Array) => Command
    /** The id of a command that breaks the schema. */
    readonly claimedId: (payload: Uint8Array) => string | undefined
  }
  readonly crypto: Pick<Cryptography, 'verifyEd25519'>
  readonly clock: Clock
  readonly time: Pick<TimeKeeper, 'state' | 'floor'>
  readonly keys: () => KeySet
  readonly signatures: 'required' | 'off'
  readonly device: string
  /** `province/commune`. */
  readonly deviceArea: string
  /** The nonce in `up/state`. */
  readonly boot: string
  readonly refusals: Pick<Refusals, 'add'>
  readonly replies: Pick<Replies, 'reject'>
  readonly logger: Logger
  readonly obey: (command: Command) => void
}

/** A refusal; `id` only of a message that is known to come from a holder of a key, or that nobody has to sign. */
type Fault = Refusal & { readonly path?: string; readonly id?: string; readonly kid?: string }

/** A minute's worth at once, then one every two seconds. */
const TAKEN = { atOnce: 30, everyMs: 2000 }
/** These have their own allowance: no flood of other orders keeps a device from being silenced. */
const SILENCING: ReadonlySet<Command['op']> = new Set(['stop', 'mute', 'sign-clear'])

/** Decides which commands are carried out: envelope, signature, schema, authorisation, rate. A refused one is never kept. */
export class CommandIntake {
  readonly #options: CommandIntakeOptions
  readonly #seen = new SeenCommands()
  readonly #silencing: TokenBucket
  readonly #others: TokenBucket

  constructor(options: CommandIntakeOptions) {
    this.#options = options
    this.#silencing = new TokenBucket(options.clock, TAKEN.atOnce, TAKEN.everyMs)
    this.#others = new TokenBucket(options.clock, TAKEN.atOnce, TAKEN.everyMs)
  }

  receive(message: Uint8Array): void {
    if (message.length === 0) return
    const judged = this.#judge(message)
    if (judged.kind === 'refused') this.#refuse(judged)
    else this.#options.obey(judged)
  }

  #judge(message: Uint8Array): Command | Fault {
    const { codec, signatures, keys, crypto } = this.#options
    let id: string | undefined
    let kid: string | undefined
    try {
      const envelope = codec.open(message)
      kid = envelope.signatures[0]?.kid
      const signers: Signers | Refusal =
        signatures === 'off'
          ? { kind: 'unjudged' }
          : verifySignatures('command', envelope, (each) => keys().get(each)?.x, crypto)
      if (signers.kind === 'refused') return named(signers, kid)
      id = codec.claimedId(envelope.payload)
      const command = codec.parse(envelope.payload)
      const refusal = this.#authorise(command, signers)
      if (refusal !== undefined) return named(refusal, kid, id)
      this.#seen.add(command)
      return command
    } catch (error) {
      if (!(error instanceof LoaError)) throw error
      const { code, message: text, path } = error
      return named(
        { ...refused(code as RefusalCode, text), ...(path === undefined ? {} : { path }) },
        kid,
        id,
      )
    }
  }

  #authorise(command: Command, signers: Signers): Refusal | undefined {
    const { device, deviceArea, boot, keys, clock, time } = this.#options
    const refusal = authoriseCommand(command, signers, {
      device,
      deviceArea,
      boot,
      seen: () => this.#seen.has(command),
      keys: keys(),
      clock: time.state,
      time: { now: clock.wall(), floor: time.floor },
    })
    if (refusal !== undefined) return refusal
    const allowance = SILENCING.has(command.op) ? this.#silencing : this.#others
    return allowance.take()
      ? undefined
      : refused('TOO_MANY', `more than ${TAKEN.atOnce} commands in a minute`)
  }

  #refuse({ code, message, path, id, kid }: Fault): void {
    const { refusals, replies, logger } = this.#options
    const where = path === undefined ? {} : { path }
    const entry = { document: 'command', ...(kid === undefined ? {} : { kid }), code, ...where, message }
    logger.warn({ ...entry, id }, 'command refused')
    refusals.add(entry)
    if (id !== undefined) replies.reject(id, code, { ...where, message })
  }
}

const named = (refusal: Refusal & { readonly path?: string }, kid?: string, id?: string): Fault => ({
  ...refusal,
  ...(kid === undefined ? {} : { kid }),
  ...(id === undefined ? {} : { id }),
})
