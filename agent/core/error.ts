import type { FaultCode } from './codes.ts'

/** The one error class: a stable code for programs, a sentence for people, the path of the fault where there is one. */
export class LoaError extends Error {
  override readonly name = 'LoaError'
  readonly code: FaultCode
  /** Where in a document or file the fault is, in dots: `items.1.when.times.0`. */
  readonly path: string | undefined

  constructor(code: FaultCode, message: string, options: { cause?: unknown; path?: string } = {}) {
    super(message, { cause: options.cause })
    this.code = code
    this.path = options.path
  }
}

/** What went wrong, as a sentence, whatever was thrown. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown)
