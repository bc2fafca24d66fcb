import type { Problem } from '../status.ts'

/** What a look outside found, while no broker is connected; a part that was not tried is absent. */
export type Outlook = {
  /** `silent`: no name server answers. `answers`: one does, whatever it says. */
  readonly names?: 'answers' | 'silent'
  /** Of the configured page: as it should be, something else in its place, or nothing at all. */
  readonly page?: { readonly found: 'right' | 'other' | 'nothing'; readonly message: string }
}

/** Why no broker can be reached, where it is not the broker. A login page may answer names as well: it goes first. */
export const wayProblem = ({ names, page }: Outlook): Problem | undefined => {
  if (page?.found === 'other') return { code: 'CAPTIVE_PORTAL', detail: page.message }
  if (names === 'silent') return { code: 'DNS' }
  return page?.found === 'nothing' ? { code: 'NO_INTERNET', detail: page.message } : undefined
}
