/** What carries the default route. `vpn`: a tunnel; `none`: nothing leads out. */
export type Bearer = 'ethernet' | 'wifi' | 'cellular' | 'vpn' | 'none'

/** The network device that carries the default route. */
export type Way = {
  readonly bearer: Bearer
  /** Its name; absent where nothing leads out. */
  readonly device?: string
  /** The kernel's number of it: another one after it was plugged in again. */
  readonly index?: number
  /** Bytes over it are paid for: a modem, or a tunnel through one. */
  readonly metered: boolean
}

export const NO_WAY: Way = { bearer: 'none', metered: false }

/** The same device, not plugged in again meanwhile. */
export const isSameWay = (a: Way, b: Way): boolean => isSameDevice(a, b) && a.index === b.index

export const isSameDevice = (a: Way, b: Way): boolean => a.bearer === b.bearer && a.device === b.device
