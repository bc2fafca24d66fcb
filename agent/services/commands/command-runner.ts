import { isCode } from '../../core/codes.ts'
import type { Command } from '../../core/documents.ts'
import { LoaError } from '../../core/error.ts'
import type { Logger } from '../../ports/logger.ts'
import type { Answer, Orders } from './order.ts'
import type { Replies, ReplyRest } from './replies.ts'

export type CommandRunnerOptions = {
  readonly orders: Orders
  readonly replies: Pick<Replies, 'say'>
  readonly logger: Logger
  /** A fault of an order itself: the agent cannot go on. */
  readonly onFailure: (error: unknown) => void
}

/** Carries accepted commands out and says how each goes: accepted, perhaps started, at last done or failed. */
export class CommandRunner {
  readonly #options: CommandRunnerOptions

  constructor(options: CommandRunnerOptions) {
    this.#options = options
  }

  obey(command: Command): void {
    const { replies, logger, onFailure } = this.#options
    logger.info({ id: command.id, op: command.op }, 'command accepted')
    replies.say(command.id, 'accepted')
    this.#carryOut(command).then(({ status, ...rest }) => {
      logger.info({ id: command.id, op: command.op, status, ...briefly(rest) }, 'command carried out')
      replies.say(command.id, status, rest)
    }, onFailure)
  }

  async #carryOut<C extends Command>(command: C): Promise<Answer> {
    const { orders, replies } = this.#options
    const order = orders[command.op] as (command: C, started: () => void) => Answer | Promise<Answer>
    try {
      return await order(command, () => replies.say(command.id, 'started'))
    } catch (error) {
      if (!(error instanceof LoaError)) throw error
      const { code, message } = error
      return { status: 'failed', code: isCode(code) ? code : 'UNSUPPORTED', data: { message } }
    }
  }
}

const LOGGED_CHARACTERS = 500

/** What a reply brings for programs is not for the log. */
const briefly = ({ data, ...rest }: ReplyRest): ReplyRest =>
  data === undefined
    ? rest
    : {
        ...rest,
        data: Object.fromEntries(
          Object.entries(data).filter(
            ([, value]) => typeof value !== 'string' || value.length <= LOGGED_CHARACTERS,
          ),
        ),
      }
