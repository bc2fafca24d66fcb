import type { ContactAlert } from '../configuration.ts'
import type { Alert } from '../documents.ts'

/** How long one press of a contact keeps its alert in force, in seconds. */
export type ContactLasting = { readonly forSeconds: number; readonly mostSeconds: number }

const DEFAULT = {
  event: 'civil-defence',
  severity: 'extreme',
  headline: { vi: 'Báo động khẩn cấp' },
  repeatEverySeconds: 60,
} as const
const DEFAULT_PAGE_SECONDS = 5
const FOR_SECONDS = 60
const MOST_MINUTES = 60

/** Without pages of its own it shows its headline. */
const pagesOf = (headline: Alert['headline']): Alert['sign'] => {
  const [text] = [headline['vi'], ...Object.values(headline)]
  return text === undefined
    ? undefined
    : { pages: [{ text, mode: 'still', color: 'red', seconds: DEFAULT_PAGE_SECONDS }] }
}

/** What a contact starts, without its end. */
export const contactAlert = (
  input: string,
  configured: ContactAlert | undefined,
): Omit<Alert, 'until'> & ContactLasting => {
  const { input: _input, forSeconds = FOR_SECONDS, maxMinutes = MOST_MINUTES, ...rest } = configured ?? {}
  const alert = { ...DEFAULT, ...rest }
  const sign = alert.sign ?? pagesOf(alert.headline)
  return {
    ...alert,
    id: input,
    ...(sign === undefined ? {} : { sign }),
    forSeconds,
    mostSeconds: Math.max(forSeconds, 60 * maxMinutes),
  }
}
