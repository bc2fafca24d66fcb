import { createSocket } from 'node:dgram'
import type { Counters } from '../../core/link/counting.ts'
import { type Bearer, NO_WAY, type Way } from '../../core/link/way.ts'
import type { Links } from '../../ports/links.ts'
import { createSystemFiles, type SystemFiles } from './files.ts'
import { defaultDevices } from './routes.ts'

/** For documentation only, so that nobody is there. @see RFC 5737, RFC 3849 */
const OUTSIDE = { udp4: '192.0.2.1', udp6: '2001:db8::1' } as const
const DISCARD_PORT = 9
const DEAD_STATES = ['down', 'lowerlayerdown', 'notpresent']

const numberIn = (files: SystemFiles, path: string): number | undefined => {
  const text = files.text(path)
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}

/** What the name and the files of a device tell; what is nothing else is a card. */
const kindOf = (files: SystemFiles, device: string): Exclude<Bearer, 'none'> => {
  const inside = files.list(`/sys/class/net/${device}`)
  if (inside.includes('wireless') || inside.includes('phy80211')) return 'wifi'
  const uevent = files.text(`/sys/class/net/${device}/uevent`) ?? ''
  if (/^DEVTYPE=wwan$/m.test(uevent) || /^(?:wwan|ppp)/.test(device)) return 'cellular'
  if (/^DEVTYPE=wireguard$/m.test(uevent) || /^(?:tun|tap|wg)/.test(device)) return 'vpn'
  return 'ethernet'
}

/** The plug is out, or the other end is dead: whatever the table of routes says, nothing goes that way. */
const isDead = (files: SystemFiles, device: string): boolean =>
  files.text(`/sys/class/net/${device}/carrier`) === '0' ||
  DEAD_STATES.includes(files.text(`/sys/class/net/${device}/operstate`) ?? '')

/** The address that the kernel would send from. To connect a UDP socket sends nothing. */
const ownAddress = (family: 'udp4' | 'udp6'): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = createSocket(family)
    const done = (address: string | undefined): void => {
      socket.close()
      resolve(address)
    }
    socket.once('error', () => done(undefined))
    socket.once('connect', () => done(socket.address().address))
    socket.connect(DISCARD_PORT, OUTSIDE[family])
  })

/** The links as /proc and /sys below `root` tell them. */
class KernelLinks implements Links {
  readonly #files: SystemFiles
  readonly #isModem: (device: string) => boolean

  constructor(files: SystemFiles, isModem: (device: string) => boolean) {
    this.#files = files
    this.#isModem = isModem
  }

  way(): Way {
    const files = this.#files
    const alive = defaultDevices(files).filter((device) => !isDead(files, device))
    const [device] = alive
    if (device === undefined) return NO_WAY
    const bearer = this.#kindOf(device)
    const carrier = bearer === 'vpn' ? alive.find((each) => this.#kindOf(each) !== 'vpn') : device
    const index = numberIn(files, `/sys/class/net/${device}/ifindex`)
    return {
      bearer,
      device,
      ...(index === undefined ? {} : { index }),
      metered: carrier !== undefined && this.#kindOf(carrier) === 'cellular',
    }
  }

  wifiDbm(device: string): number | undefined {
    const row = (this.#files.text('/proc/net/wireless') ?? '')
      .split('\n')
      .map((line) => line.trim())
      .find((line) => line.startsWith(`${device}:`))
    // Interface, status, quality of the link, level: a dot behind a figure says that it was measured.
    const level = Number.parseFloat(row?.split(/\s+/)[3] ?? '')
    return Number.isFinite(level) && level < 0 ? level : undefined
  }

  modemCounters(): Counters {
    const files = this.#files
    const modems = files.list('/sys/class/net').filter((device) => this.#kindOf(device) === 'cellular')
    return Object.fromEntries(
      modems.flatMap((device) => {
        const at = `/sys/class/net/${device}`
        const rx = numberIn(files, `${at}/statistics/rx_bytes`)
        const tx = numberIn(files, `${at}/statistics/tx_bytes`)
        if (rx === undefined || tx === undefined) return []
        return [[device, { index: numberIn(files, `${at}/ifindex`) ?? 0, rx, tx }]]
      }),
    )
  }

  async addresses(): Promise<readonly string[]> {
    const found = await Promise.all([ownAddress('udp4'), ownAddress('udp6')])
    return found.filter((address) => address !== undefined)
  }

  /** A modem that passes itself off as a card (RNDIS, ECM) cannot be told from one: somebody has to say so. */
  #kindOf(device: string): Exclude<Bearer, 'none'> {
    return this.#isModem(device) ? 'cellular' : kindOf(this.#files, device)
  }
}

/** `isModem`: known from elsewhere to be one. `root` stands for `/`. */
export const createLinks = (isModem: (device: string) => boolean, root = '/'): Links =>
  new KernelLinks(createSystemFiles(root), isModem)
