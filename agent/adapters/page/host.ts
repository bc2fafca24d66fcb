import { isLoopback } from '../../core/page-configuration.ts'

const NAMES_OF_LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** As an URL writes it: IPv6 in brackets and in its shortest form, IPv4 mapped into IPv6 as IPv4. */
const asHost = (address: string): string => {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  return URL.parse(`http://${plain.includes(':') ? `[${plain}]` : plain}/`)?.hostname ?? ''
}

/**
 * Whether a `Host` header names the address at which the connection came in. Any other name was made up by somebody
 * else's name server to reach this page from a page of his (DNS rebinding). The port is not looked at: a tunnel has another.
 */
export const isOwnHost = (header: string | undefined, localAddress: string): boolean => {
  if (header === undefined || !/^[A-Za-z0-9.:[\]-]{1,100}$/.test(header)) return false
  const name = URL.parse(`http://${header}/`)?.hostname ?? ''
  return isLoopback(localAddress) ? NAMES_OF_LOOPBACK.has(name) : name === asHost(localAddress)
}
