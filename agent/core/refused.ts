import type { RefusalCode } from './codes.ts'
import type { DocumentKey } from './documents.ts'

/** What was refused, and why; `path`: where in it the fault is. */
export type Refused = {
  readonly document: DocumentKey
  readonly rev?: number
  readonly kid?: string
  readonly code: RefusalCode
  readonly path?: string
  readonly message: string
}
