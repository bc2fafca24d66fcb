/**
 * The places from which content may be fetched: URL prefixes, compared after both sides were parsed, so that
 * neither `..`, nor a user name that looks like a host, nor an encoded slash leads out of them (threat T13).
 */
export type AllowList = (url: string) => URL | undefined

/** Encoded slashes, backslashes and NULs mean one thing here and perhaps another on the server. */
const AMBIGUOUS = /%2f|%5c|%00|\\/i
/** A segment of nothing but dots that a parser left alone. */
const DOTS = /\/\.+(\/|$)/

/**
 * @param prefixes `http://` or `https://` URLs; one that ends without a slash covers that path and what lies under it.
 * @returns the parsed URL when it is allowed
 */
export const createAllowList = (prefixes: readonly string[]): AllowList => {
  const allowed = prefixes.map((prefix) => plainUrl(prefix)).filter((prefix) => prefix !== undefined)
  return (text) => {
    const url = plainUrl(text)
    return url !== undefined && allowed.some((prefix) => covers(prefix, url)) ? url : undefined
  }
}

const plainUrl = (text: string): URL | undefined => {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined
  if (url.username !== '' || url.password !== '') return undefined
  // The text too: the parser turns a backslash into a slash.
  if (AMBIGUOUS.test(text) || AMBIGUOUS.test(url.pathname) || DOTS.test(url.pathname)) return undefined
  return url
}

const covers = (prefix: URL, url: URL): boolean => {
  if (prefix.origin !== url.origin || !url.pathname.startsWith(prefix.pathname)) return false
  const rest = url.pathname.slice(prefix.pathname.length)
  return prefix.pathname.endsWith('/') || rest === '' || rest.startsWith('/')
}
