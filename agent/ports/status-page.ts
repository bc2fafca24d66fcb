export type PageLanguage = 'en' | 'vi'

/**
 * Why there is something else than the page: a token is `wanted` or `wrong`, too many were wrong (`wait`), it was right
 * (`entered`); there is nothing at that address (`nowhere`), it can only be read (`read-only`), it was asked under
 * another name than the device has (`wrong-host`), or the page itself failed (`failed`).
 */
export type PageNotice =
  | 'wanted'
  | 'wrong'
  | 'wait'
  | 'entered'
  | 'nowhere'
  | 'read-only'
  | 'wrong-host'
  | 'failed'

/** What the server of the status page has to say. All of it is HTML; nothing of it changes the device. */
export interface StatusPage {
  /** What stands in the page as it is, for its content security policy. */
  readonly inline: { readonly script: string; readonly style: string }
  /** The whole page. */
  page(language: PageLanguage): Promise<string>
  /** Those parts of it that change, to replace those that are shown. */
  parts(language: PageLanguage): Promise<string>
  notice(notice: PageNotice, language: PageLanguage): Promise<string>
}
