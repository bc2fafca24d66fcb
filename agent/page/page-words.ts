import type { Messages } from '../cli/messages/messages.ts'
import type { CheckGroup } from '../core/doctor/check.ts'
import type { HealthLevel, OperatingState } from '../core/status.ts'
import type { PageLanguage, PageNotice } from '../ports/status-page.ts'

/** What the page says beyond what the command says. */
export type PageWords = {
  readonly language: PageLanguage
  readonly title: (device: string) => string
  readonly device: string
  readonly skip: string
  /** The link to the other language, in that language. */
  readonly other: { readonly language: PageLanguage; readonly name: string }
  readonly reload: string
  /** The browser hears nothing of the device any more. */
  readonly lost: string
  readonly asOf: (time: string) => string
  readonly headline: {
    readonly health: Readonly<Record<HealthLevel, string>>
    readonly state: Readonly<Record<OperatingState, string>>
    readonly safeMode: string
  }
  readonly todo: {
    readonly heading: string
    readonly nothing: string
    readonly urgent: string
    readonly soon: string
    readonly next: string
    readonly more: (count: number) => string
  }
  readonly now: {
    readonly heading: string
    readonly nothing: string
    readonly progress: string
    readonly of: (position: string, duration: string) => string
    readonly since: (position: string) => string
  }
  readonly next: { readonly heading: string; readonly ready: string; readonly notReady: string }
  readonly signs: {
    readonly heading: string
    readonly shows: (id: string, text: string) => string
    readonly picture: (id: string) => string
    readonly dark: (id: string) => string
    /** It does not work: what was sent may not be what it shows. */
    readonly unknown: (id: string) => string
  }
  readonly state: { readonly heading: string }
  readonly doctor: {
    readonly heading: string
    readonly counts: (failed: number, warned: number, fine: number) => string
    readonly show: (count: number) => string
    readonly levels: Readonly<Record<'ok' | 'warn' | 'FAIL', string>>
    readonly groups: Readonly<Record<CheckGroup, string>>
    readonly onlyHere: string
  }
  readonly records: {
    readonly heading: string
    readonly nothing: string
    readonly show: (count: number) => string
    readonly more: string
  }
  readonly footer: (version: string, board: string) => string
  readonly notices: Readonly<Record<PageNotice, readonly [heading: string, text: string]>>
  readonly token: { readonly label: string; readonly enter: string }
  readonly goOn: string
}

/** Words of the page, and those of the command that it uses. */
export type Words = { readonly page: PageWords; readonly say: Messages }
