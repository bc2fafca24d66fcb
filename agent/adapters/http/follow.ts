import type { IncomingMessage } from 'node:http'
import { LoaError } from '../../core/error.ts'
import type { AllowList } from './allow-list.ts'
import { get, type Limits } from './exchange.ts'

const MAX_REDIRECTS = 3
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308]

/**
 * GET, following up to three redirects within one origin and the allow-list, never across.
 * @throws NO_MEDIA when the URL or a redirect leads elsewhere, or nobody answers
 */
export async function follow(
  start: string,
  headers: Readonly<Record<string, string>>,
  allowList: AllowList,
  limits: Limits,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  let url = allowList(start)
  if (url === undefined) throw new LoaError('NO_MEDIA', 'the URL is not under content.allow')
  for (let redirects = 0; ; redirects += 1) {
    const response = await get(url, headers, limits, signal)
    const status = response.statusCode ?? 0
    if (!REDIRECTS.includes(status)) return response
    response.destroy()
    if (redirects === MAX_REDIRECTS) throw new LoaError('NO_MEDIA', 'more than three redirects')
    url = redirectOf(url, response.headers.location, allowList)
  }
}

const redirectOf = (from: URL, location: string | undefined, allowList: AllowList): URL => {
  const target = location === undefined ? null : URL.parse(location, from.href)
  if (target === null) throw new LoaError('NO_MEDIA', 'a redirect to nowhere')
  if (target.origin !== from.origin) {
    throw new LoaError('NO_MEDIA', `a redirect to another origin (${target.origin})`)
  }
  const allowed = allowList(target.href)
  if (allowed === undefined) throw new LoaError('NO_MEDIA', 'a redirect out of content.allow')
  return allowed
}
