import { Resolver } from 'node:dns/promises'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { messageOf } from '../../core/error.ts'
import type { Outlook } from '../../core/link/outlook.ts'
import type { Lookout } from '../../ports/links.ts'
import { body, get, type Limits } from './exchange.ts'

export type LookoutOptions = {
  /** Hosts of the brokers; addresses among them need no name server. */
  readonly hosts: readonly string[]
  /** A page whose answer is known: this body with status 200, or an empty one with status 204. */
  readonly page?: { readonly url: string; readonly answer?: string }
  /** Name servers instead of those of /etc/resolv.conf. */
  readonly nameServers?: readonly string[]
  /** Of each try; two are made. */
  readonly nameWithinMs?: number
}

const NAMES_WITHIN_MS = 3000
const NAME_TRIES = 2
const PAGE_WITHIN_MS = 15_000
const LIMITS: Limits = { connectMs: 10_000, idleMs: 10_000, windowMs: 10_000, windowBytes: 1 }
const MAX_BODY_BYTES = 4096

/** Of c-ares: no server answered, or the one that did has nobody to ask itself. */
const SILENT = ['ETIMEOUT', 'ECONNREFUSED', 'ESERVFAIL', 'EREFUSED', 'EDNSTIMEOUT', 'ENOTINITIALIZED']

/** Asks a name server and a page of which the answer is known. */
class NetworkLookout implements Lookout {
  readonly #options: LookoutOptions

  constructor(options: LookoutOptions) {
    this.#options = options
  }

  async look(signal: AbortSignal): Promise<Outlook> {
    const [names, page] = await Promise.all([this.#askNames(signal), this.#askPage(signal)])
    return { ...(names === undefined ? {} : { names }), ...(page === undefined ? {} : { page }) }
  }

  /** Past the cache and /etc/hosts, which answer without any network; a name that does not exist is an answer. */
  async #askNames(signal: AbortSignal): Promise<Outlook['names']> {
    const host = this.#options.hosts.find((each) => isIP(each) === 0 && each.includes('.'))
    if (host === undefined) return undefined
    const { nameServers, nameWithinMs = NAMES_WITHIN_MS } = this.#options
    const resolver = new Resolver({ timeout: nameWithinMs, tries: NAME_TRIES })
    if (nameServers !== undefined) resolver.setServers(nameServers)
    const cancel = (): void => resolver.cancel()
    signal.addEventListener('abort', cancel, { once: true })
    try {
      await resolver.resolve4(host)
      return 'answers'
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      return SILENT.includes(code) ? 'silent' : 'answers'
    } finally {
      signal.removeEventListener('abort', cancel)
    }
  }

  async #askPage(stop: AbortSignal): Promise<Outlook['page']> {
    const { page } = this.#options
    if (page === undefined) return undefined
    const signal = AbortSignal.any([stop, AbortSignal.timeout(PAGE_WITHIN_MS)])
    const url = new URL(page.url)
    try {
      const response = await get(url, { 'cache-control': 'no-cache' }, LIMITS, signal)
      const wrong = await wrongOf(response, page.answer, signal)
      if (wrong === undefined) return { found: 'right', message: page.url }
      return { found: 'other', message: `${page.url} ${wrong}` }
    } catch (error) {
      return { found: 'nothing', message: `${page.url}: ${messageOf(error)}` }
    }
  }
}

/** What of an answer is not as it should be. */
const wrongOf = async (
  response: IncomingMessage,
  answer: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const { statusCode = 0, headers } = response
  try {
    if (statusCode >= 300 && statusCode < 400) return `leads to ${targetOf(headers.location)}`
    const wanted = answer === undefined ? 204 : 200
    if (statusCode !== wanted) return `answers ${statusCode} instead of ${wanted}`
    return (await textOf(response, signal)) === (answer ?? '') ? undefined : 'answers with another text'
  } finally {
    response.destroy()
  }
}

/** Where a login page is: worth telling, and no longer than a line. */
const targetOf = (location: string | undefined): string =>
  (location ?? 'nowhere').replaceAll(/[^!-~]/g, '').slice(0, 120)

const textOf = async (response: IncomingMessage, signal: AbortSignal): Promise<string | undefined> => {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of body(response, LIMITS, signal)) {
    pieces.push(piece)
    length += piece.length
    if (length > MAX_BODY_BYTES) return undefined
  }
  return Buffer.concat(pieces).toString('utf8')
}

/** @see RFC 8910 for what a network should say of its login page, and seldom does */
export const createLookout = (options: LookoutOptions): Lookout => new NetworkLookout(options)
