import { createHmac, timingSafeEqual } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { credentialPath } from '../../core/credential.ts'
import { LoaError, messageOf } from '../../core/error.ts'

const TOKEN = /^[A-Za-z0-9._~+/=-]{16,256}$/
const LARGEST_FILE = 1024
const COOKIE = 'loa-page'
/** A shift. */
const COOKIE_SECONDS = 12 * 3600

const textOf = async (path: string): Promise<string> => {
  try {
    return (await readFile(path)).subarray(0, LARGEST_FILE).toString('utf8').trim()
  } catch (cause) {
    throw new LoaError('IO', `page.tokenFile: ${messageOf(cause)}`, { cause, path })
  }
}

/**
 * The token that a browser must know.
 * @throws IO when the file cannot be read, or holds none of 16 to 256 letters and digits
 */
export const readToken = async (tokenFile: string, credentials: string | undefined): Promise<string> => {
  const path = credentialPath(tokenFile, credentials)
  if (path === undefined)
    throw new LoaError(
      'IO',
      `page.tokenFile: systemd handed over no ${tokenFile}: LoadCredential= in the unit`,
    )
  const token = await textOf(path)
  if (TOKEN.test(token)) return token
  throw new LoaError(
    'IO',
    `page.tokenFile: ${path} must hold one line of 16 to 256 letters and digits, as "openssl rand -hex 16" makes it`,
    { path },
  )
}

export interface TokenCheck {
  isToken(given: string): boolean
  /** Of a whole `Cookie` header. */
  hasCookie(header: string | undefined): boolean
  /** For `Set-Cookie`: opens the page for a shift, also after a restart of the agent, and is not the token. */
  readonly setCookie: string
}

/** Compares in a time that does not tell how much of a guess was right. */
export const createTokenCheck = (token: string): TokenCheck => {
  const mac = (text: string): Buffer => createHmac('sha256', token).update(text).digest()
  const session = mac('session of the status page').toString('base64url')
  const isSame = (given: string, right: string): boolean => timingSafeEqual(mac(given), mac(right))
  return {
    isToken: (given) => isSame(given, token),
    hasCookie: (header = '') =>
      header
        .split(';')
        .map((each) => each.trim())
        .filter((each) => each.startsWith(`${COOKIE}=`))
        .slice(0, 4)
        .some((each) => isSame(each.slice(COOKIE.length + 1), session)),
    setCookie: `${COOKIE}=${session}; Path=/; Max-Age=${COOKIE_SECONDS}; HttpOnly; SameSite=Strict`,
  }
}
