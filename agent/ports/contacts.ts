export type ContactHandlers = {
  /**
   * The level of a contact: when it is first read, and at every edge since, in order. Logical: polarity is the driver's
   * business. Edges of a contact that bounces are all told; the last one told is how it is.
   */
  readonly onLevel: (name: string, active: boolean) => void
  /** A contact cannot be read, and why; undefined: it can again, and its level follows. */
  readonly onFault: (name: string, message: string | undefined) => void
}

/**
 * The contacts of a board, watched until this is disposed of. One that cannot be had or goes away is told as a fault,
 * once, and tried again; the others are watched all the same.
 */
export interface Contacts extends AsyncDisposable {}
