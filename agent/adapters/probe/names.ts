import { execFile } from 'node:child_process'
import { Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { NameProbe } from '../../core/doctor/outside.ts'

export type Address = { readonly address: string; readonly family: number }
export type Found = { readonly answer: NameProbe['answer']; readonly addresses: readonly Address[] }

/** Of Debian's C library, on every machine. */
const PROGRAM = 'getent'
/** A name may have many; a few tell enough. */
const MOST_ADDRESSES = 4
const MAX_BYTES = 65_536
/** Of c-ares: a name server said that there is no such name, or none of that kind. */
const UNKNOWN = ['ENOTFOUND', 'ENODATA']

const addressesIn = (words: readonly string[]): readonly Address[] =>
  [...new Set(words)]
    .map((address) => ({ address, family: isIP(address) }))
    .filter(({ family }) => family !== 0)
    .slice(0, MOST_ADDRESSES)

/**
 * As whoever connects finds it: /etc/hosts, mDNS, the cache, name servers. In a process of its own, for a look-up of the
 * C library cannot be called off and would hold ours until it is over.
 */
const bySystem = (host: string, withinMs: number): Promise<readonly Address[]> =>
  new Promise((resolve) => {
    const options = { timeout: withinMs, killSignal: 'SIGKILL', maxBuffer: MAX_BYTES } as const
    execFile(PROGRAM, ['ahosts', '--', host], options, (error, stdout) =>
      resolve(
        error === null ? addressesIn(stdout.split('\n').map((line) => line.split(/\s+/)[0] ?? '')) : [],
      ),
    )
  })

/** Past all that: whether a name server answers at all. */
const byServers = async (host: string, withinMs: number): Promise<Found> => {
  const resolver = new Resolver({ timeout: Math.ceil(withinMs / 2), tries: 1 })
  const late = setTimeout(() => resolver.cancel(), withinMs)
  try {
    return { answer: 'found', addresses: addressesIn(await resolver.resolve4(host)) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return { answer: UNKNOWN.includes(code) ? 'unknown' : 'silent', addresses: [] }
  } finally {
    clearTimeout(late)
  }
}

/** Where a name leads; over after `withinMs`, whatever hangs. */
export const lookUp = async (host: string, withinMs: number): Promise<Found> => {
  const family = isIP(host)
  if (family !== 0) return { answer: 'found', addresses: [{ address: host, family }] }
  const servers = byServers(host, withinMs)
  const addresses = await bySystem(host, withinMs)
  return addresses.length > 0 ? { answer: 'found', addresses } : servers
}
