import { readFileSync } from 'node:fs'
import { credentialPath } from '../../core/credential.ts'
import type { Outside, OutsideTargets, ReachProbe, TimeProbe } from '../../core/doctor/outside.ts'
import { messageOf } from '../../core/error.ts'
import { dateOf } from './http-date.ts'
import { type Found, lookUp } from './names.ts'
import { reach, type Target } from './reach.ts'
import { askTime } from './sntp.ts'

export type OutsideOptions = {
  /** For all of it together. */
  readonly withinMs: number
  readonly now: () => number
  /** Of time servers; 123 but in tests. */
  readonly timePort?: number
}

/** More are not asked: the first that answers is enough, and each costs the patience of whoever waits. */
const MOST = { brokers: 4, content: 4, timeServers: 2 } as const
const PORTS: Readonly<Record<string, number>> = { 'mqtt:': 1883, 'mqtts:': 8883, 'http:': 80, 'https:': 443 }
const SECURE = ['mqtts:', 'https:']

type Aim = Omit<Target, 'addresses' | 'ca'> & { readonly url: string }

const aimOf = (url: string): Aim | undefined => {
  const parsed = URL.parse(url)
  if (parsed === null) return undefined
  const { hostname, port, protocol } = parsed
  const host = hostname.replace(/^\[|\]$/g, '')
  return { url, host, port: Number(port || (PORTS[protocol] ?? 0)), secure: SECURE.includes(protocol) }
}

const aimsOf = (urls: readonly string[], most: number): readonly Aim[] =>
  urls.slice(0, most).flatMap((url) => aimOf(url) ?? [])

const originsOf = (prefixes: readonly string[]): readonly string[] => [
  ...new Set(prefixes.flatMap((prefix) => URL.parse(prefix)?.origin ?? [])),
]

/** `closed`: it is there, and not for us to read. */
type Authority = { readonly ca?: Uint8Array; readonly fault?: string; readonly closed?: true }

const isClosed = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['EACCES', 'EPERM'].includes(String(error.code))

const readAuthority = (file: string | undefined): Authority => {
  if (file === undefined) return {}
  if (credentialPath(file, undefined) === undefined) return { closed: true }
  try {
    return { ca: readFileSync(file) }
  } catch (error) {
    return isClosed(error) ? { closed: true } : { fault: messageOf(error) }
  }
}

/** Asks everything at the same time; whatever hangs, it is over after `withinMs`. Never throws. */
class Lookout {
  readonly #options: OutsideOptions
  readonly #names = new Map<string, Promise<Found>>()
  readonly #until: number

  constructor(options: OutsideOptions) {
    this.#options = options
    this.#until = performance.now() + options.withinMs
  }

  async look(targets: OutsideTargets): Promise<Outside> {
    const authority = readAuthority(targets.ca)
    const content = aimsOf(originsOf(targets.content), MOST.content)
    const brokers = aimsOf(targets.brokers, MOST.brokers)
    const [reachedBrokers, reachedHosts, ofHosts, ofServers] = await Promise.all([
      Promise.all(brokers.map((aim) => this.#reach(aim, authority))),
      Promise.all(content.map((aim) => this.#reach(aim, {}))),
      Promise.all(content.map((aim) => this.#dateOf(aim))),
      Promise.all(targets.timeServers.slice(0, MOST.timeServers).map((host) => this.#timeOf(host))),
    ])
    return {
      names: await this.#namesOf([...brokers, ...content]),
      brokers: reachedBrokers,
      hosts: reachedHosts,
      times: [...ofServers, ...ofHosts].filter((time) => time !== undefined),
    }
  }

  get #leftMs(): number {
    return Math.max(1, Math.round(this.#until - performance.now()))
  }

  /** Each name once. */
  #find(host: string): Promise<Found> {
    const asked = this.#names.get(host)
    if (asked !== undefined) return asked
    const found = lookUp(host, this.#leftMs)
    this.#names.set(host, found)
    return found
  }

  async #namesOf(aims: readonly Aim[]): Promise<Outside['names']> {
    const hosts = [...new Set(aims.map(({ host }) => host))].filter(
      (host) => /[a-z]/i.test(host) && !host.includes(':'),
    )
    return Promise.all(hosts.map(async (host) => ({ host, answer: (await this.#find(host)).answer })))
  }

  async #reach({ url, ...aim }: Aim, { ca, fault, closed }: Authority): Promise<ReachProbe> {
    const { addresses } = await this.#find(aim.host)
    if (addresses.length === 0) return { url, state: 'name' }
    if (aim.secure && fault !== undefined) return { url, state: 'authority', detail: fault }
    const target = { ...aim, addresses, ...(ca === undefined ? {} : { ca }) }
    const reached = { url, ...(await reach(target, this.#leftMs)) }
    return reached.state === 'untrusted' ? this.#byDates(reached, closed === true) : reached
  }

  /** The first thing that is wrong hides the rest; who cannot know the authority still knows the date. */
  #byDates(reached: ReachProbe, closed: boolean): ReachProbe {
    const now = this.#options.now()
    const { validFrom = '', validTo = '' } = reached
    if (Date.parse(validTo) < now) return { ...reached, state: 'expired' }
    if (Date.parse(validFrom) > now) return { ...reached, state: 'not-yet' }
    return closed ? { ...reached, state: 'open' } : reached
  }

  async #dateOf({ url: _url, ...aim }: Aim): Promise<TimeProbe | undefined> {
    const { addresses } = await this.#find(aim.host)
    if (addresses.length === 0) return undefined
    return this.#aheadOf(aim.host, await dateOf({ ...aim, addresses }, this.#leftMs))
  }

  async #timeOf(host: string): Promise<TimeProbe | undefined> {
    const [first] = (await this.#find(host)).addresses
    if (first === undefined) return undefined
    const { timePort } = this.#options
    return this.#aheadOf(host, await askTime(first.address, first.family, this.#leftMs, timePort))
  }

  #aheadOf(source: string, at: number | undefined): TimeProbe | undefined {
    return at === undefined ? undefined : { source, aheadMs: this.#options.now() - at }
  }
}

/** What lies around this device, as far as it can be seen in `withinMs`. */
export const lookOutside = (targets: OutsideTargets, options: OutsideOptions): Promise<Outside> =>
  new Lookout(options).look(targets)
