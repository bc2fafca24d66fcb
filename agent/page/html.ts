import { escapeHtml } from '../cli/text/escape-html.ts'
import { plain } from '../cli/text/width.ts'

/** HTML that may stand in a page as it is. */
export type Html = { readonly html: string }
export type Piece = Html | string | number | undefined | readonly Piece[]

const written = (piece: Piece): string => {
  if (piece === undefined) return ''
  if (typeof piece === 'string' || typeof piece === 'number') return escapeHtml(plain(String(piece)))
  return 'html' in piece ? piece.html : piece.map(written).join('')
}

/** A template whose every value is escaped, but for those that were made by this function. Attributes stand in double quotes. */
export const html = (strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html => ({
  html: strings.map((string, index) => string + written(pieces[index])).join(''),
})

/** Text that is ours and is no data: style and script. */
export const asItIs = (text: string): Html => ({ html: text })
