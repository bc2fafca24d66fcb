import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { PageLanguage, PageNotice, StatusPage } from '../../ports/status-page.ts'
import { isOwnHost } from './host.ts'
import type { Tries } from './pace.ts'
import type { TokenCheck } from './token.ts'

export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type Desk = {
  readonly page: StatusPage
  /** Absent: whoever reaches the page may read it. */
  readonly check?: TokenCheck | undefined
  readonly tries: Tries
}

const LONGEST_TARGET = 1024
const STATUS: Readonly<Record<PageNotice, number>> = {
  wanted: 401,
  wrong: 401,
  wait: 429,
  entered: 200,
  nowhere: 404,
  'read-only': 405,
  'wrong-host': 421,
  failed: 500,
}
const MORE: Readonly<Partial<Record<PageNotice, Readonly<Record<string, string>>>>> = {
  wanted: { 'WWW-Authenticate': 'Bearer' },
  wrong: { 'WWW-Authenticate': 'Bearer' },
  wait: { 'Retry-After': '60' },
  'read-only': { Allow: 'GET, HEAD', Connection: 'close' },
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const

/** Nothing runs but the one script that stands in the page, and nothing is fetched but from the device. */
const policyFor = ({ inline }: StatusPage): string =>
  [
    "default-src 'none'",
    `script-src ${hashOf(inline.script)}`,
    `style-src ${hashOf(inline.style)}`,
    'img-src data:',
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/** Headers that every answer has. */
export const headersFor = (page: StatusPage): Answer['headers'] => ({
  ...HEADERS,
  'Content-Security-Policy': policyFor(page),
})

const isLanguage = (tag: string | null | undefined): tag is PageLanguage => tag === 'vi' || tag === 'en'

/** As asked for, else the first of the browser's that there is, else Vietnamese. */
export const languageOf = (query: URLSearchParams, accepted: string | undefined): PageLanguage => {
  const asked = query.get('lang')
  if (isLanguage(asked)) return asked
  const tags = (accepted ?? '').split(',').map((tag) => tag.trim().slice(0, 2).toLowerCase())
  return tags.find(isLanguage) ?? 'vi'
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** Before anybody is asked who he is. */
const refusal = (request: IncomingMessage, target: URL | null): PageNotice | undefined => {
  const { method, headers, socket } = request
  if (!isOwnHost(headers.host, socket.localAddress ?? '')) return 'wrong-host'
  if ((method !== 'GET' && method !== 'HEAD') || hasBody(request)) return 'read-only'
  return target === null ? 'nowhere' : undefined
}

type Entry = 'in' | 'just-entered' | PageNotice

/** A cookie never counts as a try: it cannot be guessed, and a browser sends an old one again and again. */
const entryOf = ({ check, tries }: Desk, request: IncomingMessage, query: URLSearchParams): Entry => {
  const { authorization, cookie } = request.headers
  if (check === undefined || check.hasCookie(cookie)) return 'in'
  const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
  const given = bearer ?? query.get('token')
  if (given === null || given === undefined) return 'wanted'
  const address = request.socket.remoteAddress ?? ''
  if (tries.mustWait(address)) return 'wait'
  if (check.isToken(given)) return bearer === undefined ? 'just-entered' : 'in'
  tries.wrong(address)
  return 'wrong'
}

const redirect = (to: string, more: Answer['headers'] = {}): Answer => ({
  status: 303,
  headers: { Location: to, ...more },
  body: '',
})

/** Where the target is one of this server: a path, not the address of another. */
const targetOf = ({ url = '' }: IncomingMessage): URL | null =>
  url.startsWith('/') && !url.startsWith('//') && url.length <= LONGEST_TARGET
    ? URL.parse(url, 'http://device')
    : null

/** What a request is answered. Nothing that it says changes the device. */
export const answer = async (desk: Desk, request: IncomingMessage): Promise<Answer> => {
  const { page } = desk
  const target = targetOf(request)
  const query = target?.searchParams ?? new URLSearchParams()
  const language = languageOf(query, request.headers['accept-language'])
  const tell = async (notice: PageNotice): Promise<Answer> => ({
    status: STATUS[notice],
    headers: MORE[notice] ?? {},
    body: await page.notice(notice, language),
  })
  const refused = refusal(request, target)
  if (refused !== undefined) return tell(refused)
  const home = `/?lang=${language}`
  const entry = entryOf(desk, request, query)
  if (entry === 'just-entered')
    return redirect(`${home}&entered=1`, { 'Set-Cookie': desk.check?.setCookie ?? '' })
  // Whoever comes by a link of another site brings the new cookie with the next request only (SameSite=Strict).
  if (query.has('entered')) return entry === 'in' ? redirect(home) : tell('entered')
  if (entry !== 'in') return tell(entry)
  if (query.has('token')) return redirect(home)
  if (target?.pathname === '/') return { status: 200, headers: {}, body: await page.page(language) }
  if (target?.pathname === '/parts') return { status: 200, headers: {}, body: await page.parts(language) }
  return tell('nowhere')
}
