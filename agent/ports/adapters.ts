import type { Adapter } from '../core/adapter/adapters.ts'

/** Where an adapter is now. */
export type AdapterPlace = {
  /** Another one each time it is plugged in. */
  readonly identity: string
  /** Its place on USB, such as `1-1.3`; undefined of what is not on USB. */
  readonly usb?: string
}

/** Finds adapters by the names of the board file. Cheap: asked each second. */
export interface AdapterFinder {
  find(adapter: Adapter): AdapterPlace | undefined
  /** A name that stays with the adapter where the one of the board file does not. */
  betterName(adapter: Adapter): string | undefined
}

/** Switches sockets of USB hubs. */
export interface HubPower {
  /**
   * Off, and on again after `offSeconds`.
   * @throws UNSUPPORTED when it cannot be done on this machine; IO when it failed
   */
  cycle(hub: string, port: number, offSeconds: number): Promise<void>
}
