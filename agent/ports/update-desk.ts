import type { ReleasePlace, SlotsState, UpdateRequest } from '../core/update/slots.ts'

/**
 * Where the agent and the updater meet (docs/updates.md): what the agent has fetched and asks for, and what the updater
 * says of the slots. One release lies on it at a time.
 */
export interface UpdateDesk {
  /** The place that this agent runs from; undefined where no updater looks after it, as in a checkout. */
  readonly running: ReleasePlace | undefined
  /** Undefined when the updater has written nothing that can be read. */
  slots(): SlotsState | undefined
  /** The JWS of the release that lies there. */
  release(): Uint8Array | undefined
  /**
   * Makes place for a release, and says how many bytes of its package are here. What came of the same release is kept as
   * far as it is sure to be on the disk; anything else goes.
   * @throws IO, DISK_FULL
   */
  begin(release: Uint8Array): Promise<number>
  /** Bytes of the package that are here. */
  heldBytes(): number
  /**
   * Takes further bytes of the package. What came before the source or the disk failed is kept, and synced.
   * @throws what the source throws; IO, DISK_FULL
   */
  receive(source: AsyncIterable<Uint8Array>): Promise<void>
  /** Looks at the digest of what is here. True: it is the package, whole. False: it was not, and is gone. @throws IO */
  complete(sha256: string): Promise<boolean>
  /** True when `complete` was. */
  isComplete(): boolean
  /** Throws away what came of the package. @throws IO */
  discard(): Promise<void>
  /** Clears the desk. @throws IO */
  clear(): Promise<void>
  /** Hands the updater a request; a later one takes its place. @throws IO, DISK_FULL */
  ask(request: UpdateRequest): Promise<void>
}
