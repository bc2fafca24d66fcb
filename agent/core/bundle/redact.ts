/** Stands where something was that nobody else should know. */
const GONE = '[redacted]'

const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]{1,15}:\/\//

/** A URL without names, passwords and whatever stands behind its path: tokens do. */
export const redactUrl = (url: string): string => {
  const [scheme = ''] = SCHEME.exec(url) ?? []
  if (scheme === '') return url
  const rest = url.slice(scheme.length)
  const end = rest.search(/[?#]/)
  const [place, behind] = end === -1 ? [rest, ''] : [rest.slice(0, end), rest.charAt(end)]
  const slash = place.indexOf('/')
  const authority = slash === -1 ? place : place.slice(0, slash)
  const at = authority.lastIndexOf('@')
  const whom = at === -1 ? place : `${GONE}@${place.slice(at + 1)}`
  return `${scheme}${whom}${behind === '' ? '' : `${behind}${GONE}`}`
}

/** Quotes, blanks and backslashes end a URL in JSON, YAML and prose. Schemes are short: long words must not cost their square. */
const URLS = /[A-Za-z][A-Za-z0-9+.-]{1,15}:\/\/[^\s"'<>\\]+/g

const PRIVATE_KEYS =
  /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,20}PRIVATE KEY-----|$)/g

const SECRETS =
  'passwd|password|passphrase|secret|token|access[_-]?token|api[_-]?key|authorization|private[_-]?key|psk'

/** `"password":"x"`, the same in JSON that stands in JSON, `password: x`, `token=x`. */
const NAMED = new RegExp(
  `(\\b(?:${SECRETS})(\\\\*["']?)\\s*[:=]\\s*)(\\\\+"[^"\\\\]*\\\\+"|"(?:[^"\\\\]|\\\\.)*"|'[^']*'|[^\\s"'\\\\,;{}[\\]]+)`,
  'gi',
)

const BEARERS = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/g

const NO_SECRETS: readonly string[] = ['null', 'true', 'false']

const withoutValue = (whole: string, name: string, nameQuote: string, value: string): string => {
  if (NO_SECRETS.includes(value)) return whole
  const [quote = ''] = /^\\*["']/.exec(value) ?? [nameQuote]
  return `${name}${quote}${GONE}${quote}`
}

/**
 * A text without what looks like a secret: private keys, what is called a password, token or key, names and passwords in
 * URLs and everything behind their path. It is the last of several guards: whoever gathers reads no key and no password.
 */
export const redactText = (text: string): string =>
  text
    .replace(PRIVATE_KEYS, GONE)
    .replace(URLS, redactUrl)
    .replace(BEARERS, `$1 ${GONE}`)
    .replace(NAMED, withoutValue)
